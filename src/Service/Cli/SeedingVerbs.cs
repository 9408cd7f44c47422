using System.CommandLine;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>What the nodes of the deployment serve, read from the database beside the running service.</summary>
public static class SeedingVerbs
{
    private const int RowsShown = SeedingReader.MaxRowsPerPage;

    public static Command Nodes()
    {
        var nodes = new Command(
            "nodes",
            "Show the nodes of the deployment: roles, torrents, bytes given away, when they were last heard of"
        );
        nodes.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation, withNodes: true);
                var found = await stores.GetRequiredService<SeedingReader>().ListNodes(cancellation);
                var unseeded = await stores.GetRequiredService<UnseededReader>().Read(cancellation);
                return Output.Write(
                    parsed,
                    found,
                    () =>
                    {
                        WriteNodes(found);
                        WriteUnseeded(unseeded);
                    }
                );
            }
        );
        nodes.Add(Retire());
        return nodes;
    }

    private static Command Retire()
    {
        var name = new Argument<string>("NAME") { Description = "A node that was stopped and does not come back" };
        var retire = new Command("retire", "Remove what is left of a node: its rows, its queue and its exchange at the broker") { name };
        retire.SetAction(
            async (parsed, cancellation) =>
            {
                var node = parsed.GetRequiredValue(name);
                await using var stores = await Stores.Open(cancellation, withNodes: true);
                var known = await stores.GetRequiredService<SeedingReader>().ListNodes(cancellation);
                if (known.All(one => one.Name != node))
                    throw new ArgumentException($"There is no node '{node}': eventarchive nodes lists them.");
                var silentFor = stores.GetRequiredService<IOptions<NodeOptions>>().Value.AwayAfter;
                if (!await stores.GetRequiredService<RetireNodes>().Retire(node, silentFor, cancellation))
                    throw new InvalidOperationException(
                        $"Node '{node}' was heard of within the last {silentFor.TotalSeconds:0} s: stop it, wait for as long, and retire it then."
                    );
                return Output.Write(parsed, new { retired = node });
            }
        );
        return retire;
    }

    public static Command Seeding()
    {
        var community = new Option<string?>("--community") { Description = "Only this community's", HelpName = "ID" };
        var node = new Option<string?>("--node") { Description = "Only this node's", HelpName = "NAME" };
        var seeding = new Command("seeding", "Show which node seeds what: peers, bytes given away, ratio, last active") { community, node };
        seeding.SetAction(
            async (parsed, cancellation) =>
            {
                var only = parsed.GetValue(community) is { } id ? CommunityId.Parse(id) : null;
                await using var stores = await Stores.Open(cancellation, withNodes: true);
                var unseeded = await stores.GetRequiredService<UnseededReader>().Read(cancellation);
                var reader = stores.GetRequiredService<SeedingReader>();
                List<LiveSeeding> rows = [];
                IReadOnlyList<LiveSeeding> page;
                do
                {
                    page = await reader.Page(only, parsed.GetValue(node), rows.LastOrDefault()?.Key, RowsShown, cancellation);
                    rows.AddRange(page);
                } while (page.Count == RowsShown);
                return Output.Write(
                    parsed,
                    rows,
                    () =>
                    {
                        WriteSeeding(rows);
                        WriteUnseeded(unseeded);
                    }
                );
            }
        );
        return seeding;
    }

    private static void WriteNodes(IReadOnlyList<LiveNode> nodes) =>
        Output.WriteTable([
            ["node", "state", "roles", "peer", ">seeding", ">fetching", ">failing", ">MB up", "last heard of"],
            .. nodes.Select(node =>
                (IReadOnlyList<string>)
                    [
                        node.Name,
                        node.Away ? "away" : "live",
                        string.Join(',', node.Roles),
                        node.Peer ?? "-",
                        $"{node.Seeding}",
                        $"{node.Fetching}",
                        $"{node.Failing}",
                        Megabytes(node.UploadedBytes),
                        $"{node.SeenAt.ToUniversalTime():u}",
                    ]
            ),
        ]);

    private static void WriteSeeding(IReadOnlyList<LiveSeeding> rows) =>
        Output.WriteTable([
            ["community", "node", "torrent", "state", ">peers", ">MB", ">MB up", ">ratio", "last active"],
            .. rows.Select(row =>
                (IReadOnlyList<string>)
                    [
                        $"{row.CommunityId}",
                        row.Node,
                        $"{row.InfoHash}"[..12],
                        StateOf(row),
                        $"{row.Peers}",
                        Megabytes(row.TotalBytes),
                        Megabytes(row.UploadedBytes),
                        $"{row.Ratio:0.00}",
                        row.LastActive is { } active ? $"{active.ToUniversalTime():u}" : "-",
                    ]
            ),
        ]);

    /// <summary>Beside the table, not in it: what is not seeded has no row.</summary>
    private static void WriteUnseeded(UnseededTorrents unseeded)
    {
        if (unseeded.LiveSeeders.Count == 0)
            Console.WriteLine("No node with the role Seeder is there: what is cut now is announced by nobody.");
        if (unseeded.Awaiting > 0)
            Console.WriteLine(
                $"Torrents that wait for their first seeder: {unseeded.Awaiting}, that of {unseeded.LongestAwaiting} for "
                    + $"{unseeded.LongestWait.TotalMinutes:0} min."
            );
        if (unseeded.Unserved > 0)
            Console.WriteLine($"Torrents that no live node serves: {unseeded.Unserved}, that of {unseeded.OneUnserved} among them.");
    }

    private static string StateOf(LiveSeeding row) =>
        (row.Present ? "" : "older, ")
        + (
            row.SeenAt is null ? "node gone"
            : row.NodeAway ? "node away"
            : row.Fault is { } fault ? $"failing: {fault.ReplaceLineEndings(" ")}"
            : row.Seeding ? (row.Since is null ? "seeding until a seeder has it" : "seeding")
            : row.TotalBytes > 0 ? $"{100 * row.DoneBytes / row.TotalBytes} %"
            : "not served"
        );

    private static string Megabytes(long? bytes) => bytes is { } count ? $"{count / 1e6:N1}" : "-";
}
