using System.CommandLine;
using EventArchive.Model;
using EventArchive.Postgres;

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
                await using var stores = await Stores.Open(cancellation);
                var found = await stores.GetRequiredService<SeedingReader>().ListNodes(cancellation);
                return Output.Write(parsed, found, () => WriteNodes(found));
            }
        );
        return nodes;
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
                await using var stores = await Stores.Open(cancellation);
                var reader = stores.GetRequiredService<SeedingReader>();
                List<LiveSeeding> rows = [];
                IReadOnlyList<LiveSeeding> page;
                do
                {
                    page = await reader.Page(only, parsed.GetValue(node), rows.LastOrDefault()?.Key, RowsShown, cancellation);
                    rows.AddRange(page);
                } while (page.Count == RowsShown);
                return Output.Write(parsed, rows, () => WriteSeeding(rows));
            }
        );
        return seeding;
    }

    private static void WriteNodes(IReadOnlyList<LiveNode> nodes) =>
        Output.WriteTable([
            ["node", "roles", "peer", ">seeding", ">fetching", ">failing", ">MB up", "last heard of"],
            .. nodes.Select(node =>
                (IReadOnlyList<string>)
                    [
                        node.Name,
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

    private static string StateOf(LiveSeeding row) =>
        (row.Present ? "" : "older, ")
        + (
            row.Fault is { } fault ? $"failing: {fault.ReplaceLineEndings(" ")}"
            : row.Seeding ? "seeding"
            : row.SeenAt is null ? "node gone"
            : row.TotalBytes > 0 ? $"{100 * row.DoneBytes / row.TotalBytes} %"
            : "not served"
        );

    private static string Megabytes(long? bytes) => bytes is { } count ? $"{count / 1e6:N1}" : "-";
}
