using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.MainLine;
using EventArchive.Waku;

namespace EventArchive.Tests.Faults;

/// <summary>One run of the main line in which owner and member may each be killed once.</summary>
public sealed class CrashLine(Line line, PubsubTopic topic, WakuMesh waku, Func<Task> drop) : IAsyncDisposable
{
    public Line Line => line;

    /// <summary>Runs the line to its end, each node being started again after its death, and reads what came of it.</summary>
    /// <exception cref="ServerFailedException">A node was not killed at its point.</exception>
    /// <exception cref="TimeoutException">The line did not come to its end.</exception>
    public async Task<LineResult> Run(string? ownerPoint, string? memberPoint, CancellationToken cancellation)
    {
        await Task.WhenAll(line.Owner.Start(ownerPoint, cancellation), line.Member.Start(memberPoint, cancellation));
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> running = [Drive(failing.Token), Death(line.Owner, ownerPoint), Death(line.Member, memberPoint)];
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
                await failing.CancelAsync();
            await ended;
        }
        await line.UntilQuiet(cancellation);
        return new LineResult(await Side(line.Owner, cancellation), await Side(line.Member, cancellation), await Sent(cancellation));

        Task Death(LineNode node, string? point) =>
            point is null ? Task.CompletedTask : node.DieAndStartAgain(point, Line.Limit, failing.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await line.DisposeAsync();
        await drop();
    }

    private async Task Drive(CancellationToken cancellation)
    {
        await line.Enable(cancellation);
        var outcome = await line.CreateArchive(CrashServers.Weeks, Guid.CreateVersion7(), cancellation);
        if (outcome.Refusal is { } refusal)
            throw new InvalidOperationException($"CreateArchive was refused ({refusal.Code}): {refusal.Reason}");
        await Line.Until(line.Owner, "magnetlink_published", 1, cancellation);
        await Line.Until(line.Member, "seeding_started", 1, cancellation);
    }

    private static async Task<LineSide> Side(LineNode node, CancellationToken cancellation)
    {
        using var health = await node.Process.Get("health/ready", cancellation);
        return new LineSide(
            await node.Records.Events(cancellation),
            await node.Records.Messages(cancellation),
            node.Records.Files(),
            await node.Records.Refusals(cancellation),
            health.IsSuccessStatusCode ? "" : await health.Content.ReadAsStringAsync(cancellation)
        );
    }

    private async Task<IReadOnlyList<MagnetlinkVerdict>> Sent(CancellationToken cancellation)
    {
        var community = CommunityId.Parse(line.Community.Id);
        return
        [
            .. (await waku.Sent(topic, community, cancellation)).Select(message =>
                MagnetlinkEnvelope.Decode(
                    new MagnetlinkSample { WakuMessage = Hex.Encode(message.ToProtobuf()), CommunityId = line.Community.Id }
                )
            ),
        ];
    }
}
