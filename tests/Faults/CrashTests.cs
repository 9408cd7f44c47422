using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>Kills owner and member with SIGKILL at each crash point once; the line must come to what it comes to without.</summary>
public abstract class CrashTests(CrashServers servers)
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract string Bus { get; }

    protected async Task<LineResult> Survive(int row, string? ownerPoint, string? memberPoint)
    {
        var name = $"{Bus}-{row}";
        var (ownerBus, memberBus) = Buses(row);
        await using var line = await servers.Prepare(name, ownerBus, memberBus);
        try
        {
            var result = await line.Run(ownerPoint, memberPoint, Cancellation);
            Compare(result);
            return result;
        }
        catch
        {
            foreach (var node in line.Line.Nodes)
                node.KeepLog(name);
            TestContext.Current.SendDiagnosticMessage($"Row {row}: the owner dies at {ownerPoint}, the member at {memberPoint}.");
            throw;
        }
    }

    protected abstract (Uri? Owner, Uri? Member) Buses(int row);

    private void Compare(LineResult result)
    {
        var expected = servers.Uninterrupted;
        foreach (var (side, whole) in new[] { (result.Owner, expected.Owner), (result.Member, expected.Member) })
        {
            // The same steps, each once: one cut, one announcement prepared, one published, every archive imported once.
            side.Types.ShouldBe(whole.Types);
            side.Events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, side.Events.Count).Select(version => (long)version));
            side.Events.Select(e => e.Seq).ShouldBeInOrder(SortDirection.Ascending);
            side.Events.Select(e => e.Id).ShouldBeUnique();
            side.Messages.ShouldBe(whole.Messages);
            side.Files.Keys.ShouldBe(whole.Files.Keys, ignoreOrder: true);
            foreach (var (name, bytes) in whole.Files)
                side.Files[name].ShouldBe(bytes, name);
            side.Refusals.ShouldBeEmpty();
            side.Ailing.ShouldBeEmpty();
        }
        InfoHash(result).ShouldBe(InfoHash(expected));

        var prepared = result.Owner.Only("announcement_prepared").Data;
        var signed = MagnetlinkEnvelope.Decode(
            new MagnetlinkSample { Wrapped = Hex.Encode(prepared.GetProperty("SignedMessage").GetBytesFromBase64()) }
        );
        result.Sent.Count.ShouldBeGreaterThanOrEqualTo(MagnetlinkChannels.Of(CommunityId.Parse(servers.Community.Id)).Count);
        // A message id is the hash of the signed bytes: however often it was sent, it was these.
        result.Sent.ShouldAllBe(sent => sent.Accepted && sent.MessageId == signed.MessageId);
    }

    private static string InfoHash(LineResult result) => result.Owner.Only("archive_created").Data.GetProperty("InfoHash").GetString()!;
}
