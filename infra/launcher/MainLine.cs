using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventArchive.Testing;

namespace EventArchive.Launcher;

/// <summary>Drives the main line once, from recorded messages on the owner to seeded and imported ones on the member, and shows each step.</summary>
public sealed class MainLine(LocalDeployment local, Options options, MessageFile file)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Failures =
    [
        "archive_creation_failed",
        "archive_skipped",
        "announcement_failed",
        "download_failed",
        "archive_quarantined",
    ];

    // The result goes to a terminal or a program, never into a page: an ampersand may stay one.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly List<(string Node, ServiceEvent Event)> events = [];

    /// <exception cref="RunFailedException">A step failed, or the end did not come in time.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        var key = await Verb(["keys", "import", "--json"], file.CommunityPrivateKey, cancellation);
        var communityId = key.GetProperty("communityId").GetString()!;
        Show("owner", $"community key imported: {communityId}");
        var recorded = await Verb(["messages", "record", options.MessageFile, "--json"], null, cancellation);
        Show("owner", $"{recorded.GetProperty("messages").GetInt64()} messages recorded");

        var (owner, member) = (local.Owner, local.Member!);
        await Command(owner, "EnableHistoryArchives", Enable(controlNode: true), cancellation);
        await Command(member, "EnableHistoryArchives", Enable(controlNode: false), cancellation);
        await Command(
            owner,
            "CreateArchive",
            new
            {
                communityId,
                from = file.StartDate,
                to = file.EndDate,
                file.PartitionSeconds,
            },
            cancellation
        );

        var (created, published, imported) = await Follow(owner, member, cancellation);
        var counted = (await member.Community(communityId, cancellation)).GetProperty("messages").GetInt64();
        var result = new
        {
            ok = true,
            messages = created.Data.GetProperty("messages").GetInt64(),
            archives = created.Data.GetProperty("archiveCount").GetInt32(),
            infoHash = created.Data.GetProperty("infoHash").GetString(),
            magnet = published.Data.GetProperty("magnetlink").GetString(),
            clock = published.Data.GetProperty("clock").GetUInt64(),
            imported = counted,
            memberSeeding = imported.Data.GetProperty("infoHash").GetString() == created.Data.GetProperty("infoHash").GetString(),
            events = events.Select(e => new
            {
                node = e.Node,
                seq = e.Event.Seq,
                stream = e.Event.Stream,
                type = e.Event.Type,
            }),
        };
        if (result.imported != result.messages)
            throw new RunFailedException($"the owner archived {result.messages} messages, the member holds {result.imported}.");
        Console.WriteLine(
            $"Done in {watch.Elapsed.TotalSeconds:0.0} s: {result.messages} messages in {result.archives} archives, info-hash {result.infoHash}; "
                + $"the member imported all {result.imported} and seeds on. {events.Count} events are in the two stores."
        );
        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(result, Readable));

        object Enable(bool controlNode) =>
            new
            {
                communityId,
                controlNode,
                file.ChatIds,
                contentTopics = file.ChatIds is null ? file.Topics : null,
            };
    }

    private async Task<JsonElement> Verb(string[] arguments, string? input, CancellationToken cancellation)
    {
        var (code, output, error) = await ServiceNode.Run(local.OwnerSettings, arguments, input, cancellation);
        return code == 0
            ? JsonDocument.Parse(output).RootElement
            : throw new RunFailedException($"{string.Join(' ', arguments.Take(2))}: {error.Trim()}");
    }

    private static async Task Command(ServiceNode node, string command, object body, CancellationToken cancellation)
    {
        var outcome = await node.Outcome(await node.Send(command, body, cancellation), Limit, cancellation);
        if (outcome.Refusal is { } refusal)
            throw new RunFailedException($"{command} was refused ({refusal.Code}): {refusal.Reason}");
    }

    private async Task<(ServiceEvent Created, ServiceEvent Published, ServiceEvent MemberSeeding)> Follow(
        ServiceNode owner,
        ServiceNode member,
        CancellationToken cancellation
    )
    {
        var seen = new Dictionary<string, long> { ["owner"] = 0, ["member"] = 0 };
        var (created, published, seeding) = (default(ServiceEvent), default(ServiceEvent), default(ServiceEvent));
        while (created is null || published is null || seeding is null)
        {
            if (watch.Elapsed > Limit)
                throw new RunFailedException(
                    $"the main line did not end within {Limit.TotalSeconds:0} s; the last event is {events[^1].Event.Type}."
                );
            foreach (var (name, node) in new[] { ("owner", owner), ("member", member) })
            {
                if (node.HasExited)
                    throw new RunFailedException($"the {name} ended.\n{node.Tail}");
                foreach (var e in await node.Events(seen[name], cancellation))
                {
                    seen[name] = e.Seq;
                    events.Add((name, e));
                    Show(name, Narrator.Tell(e));
                    if (Failures.Contains(e.Type))
                        throw new RunFailedException($"{name}: {Narrator.Tell(e)}");
                    created = e.Type == "archive_created" ? e : created;
                    published = e.Type == "magnetlink_published" ? e : published;
                    seeding = name == "member" && e.Type == "seeding_started" ? e : seeding;
                }
            }
            await Task.Delay(Poll, cancellation);
        }
        return (created, published, seeding);
    }

    private void Show(string node, string step) => Console.WriteLine($"{watch.Elapsed.TotalSeconds, 6:0.00} s  {node, -6}  {step}");
}
