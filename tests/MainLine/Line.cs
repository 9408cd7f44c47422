using EventArchive.EventStore;
using EventArchive.Testing;

namespace EventArchive.Tests.MainLine;

/// <summary>The main line between an owner and a member, driven from outside as another service would.</summary>
public sealed class Line(SampleCommunity community, string? pubsubTopic, LineNode owner, LineNode member) : IAsyncDisposable
{
    /// <summary>From the last command to the end of the line, restarts included, on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Short waits, so that what a killed process left is taken up at once.</summary>
    public static readonly IReadOnlyDictionary<string, string> ImpatientSettings = new Dictionary<string, string>
    {
        ["Work__Sweep"] = "00:00:00.2",
        ["Work__FirstDelay"] = "00:00:00.2",
        ["Work__MaxDelay"] = "00:00:02",
        ["Work__ReportTimeout"] = "00:00:02",
        ["Waku__PollInterval"] = "00:00:00.1",
        ["Waku__FollowedRefresh"] = "00:00:00.2",
        ["Waku__MaxReconnectDelay"] = "00:00:01",
        ["BitTorrent__MetadataTimeout"] = "00:00:03",
        ["BitTorrent__StallTimeout"] = "00:00:05",
    };

    /// <summary>States that the community encrypts what ends after this second; null: nothing.</summary>
    public ulong? EncryptedAfter { get; init; }

    public SampleCommunity Community => community;

    public LineNode Owner => owner;

    public LineNode Member => member;

    public IReadOnlyList<LineNode> Nodes => [owner, member];

    /// <summary>Owner and member take the community into their care.</summary>
    public Task Enable(CancellationToken cancellation) =>
        Task.WhenAll(Enable(owner, controlNode: true, cancellation), Enable(member, controlNode: false, cancellation));

    /// <summary>Closes the window from the last cut, or from the oldest message, to the end of the week with this number, from 1.</summary>
    public Task<ServiceOutcome> CreateArchive(int weeks, Guid messageId, CancellationToken cancellation) =>
        owner.Command("CreateArchive", new { communityId = community.Id, to = community.EndOf(weeks) }, messageId, cancellation);

    /// <summary>Waits until a node holds so many events of a type.</summary>
    public static Task Until(LineNode node, string type, int count, CancellationToken cancellation) =>
        Deadline.Until(
            $"{node.Settings.Name} holds {count} {type}",
            async () => (await node.Records.Events(cancellation)).Count(e => e.Type == type) >= count,
            Limit,
            cancellation
        );

    /// <summary>Waits until nothing is pending on either node and every subscription has come to the end.</summary>
    public async Task UntilQuiet(CancellationToken cancellation)
    {
        foreach (var node in Nodes)
            await Deadline.Until($"{node.Settings.Name} is quiet", () => node.Records.IsQuiet(cancellation), Limit, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await owner.DisposeAsync();
        await member.DisposeAsync();
    }

    private async Task Enable(LineNode node, bool controlNode, CancellationToken cancellation)
    {
        var outcome = await node.Command(
            "EnableHistoryArchives",
            new
            {
                communityId = community.Id,
                controlNode,
                chatIds = community.ChatIds,
                pubsubTopic,
                encryptedAfter = EncryptedAfter,
            },
            Guid.CreateVersion7(),
            cancellation
        );
        if (outcome.Refusal is { } refusal)
            throw new InvalidOperationException($"EnableHistoryArchives was refused ({refusal.Code}): {refusal.Reason}");
    }
}
