using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using EventArchive.Model;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>Random messages, windows and sizes around multiples of the piece length: what comes out is what went in, on any tree, cut by cut.</summary>
public sealed class CutPropertyTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 300 : 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_cut_has_the_bytes_of_whole_archives_encoded_at_once_and_reads_back()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            TestContext.Current.SendDiagnosticMessage($"seed {seed}");
            await Check(new Random(seed), $"seed {seed}");
        }
    }

    private static async Task Check(Random random, string seed)
    {
        using var temporary = new TemporaryTree();
        using var stepwise = new TemporaryTree();
        var weeks = random.Next(1, 6);
        var messages = Messages(random, weeks).ToList();
        var reading = TemporaryTree.Reading(messages);

        var cut = (await temporary.Tree.Cut(TemporaryTree.Plan(0, weeks), reading, Cancellation)).Made;
        Cut? last = null;
        for (var week = 0; week < weeks; week++)
            last = (await stepwise.Tree.Cut(TemporaryTree.Plan(week, week + 1, last), reading, Cancellation)).Made ?? last;

        if (messages.Count == 0)
        {
            cut.ShouldBeNull(seed);
            return;
        }
        temporary.Bytes("data").AsSpan().SequenceEqual(Expected(messages, weeks)).ShouldBeTrue(seed);
        stepwise.Bytes("data").AsSpan().SequenceEqual(temporary.Bytes("data")).ShouldBeTrue(seed);
        stepwise.Bytes("index").ShouldBe(temporary.Bytes("index"), seed);
        last!.Torrent.InfoHash.ShouldBe(cut!.Torrent.InfoHash, seed);
        File.ReadAllBytes(stepwise.TorrentPath).ShouldBe(File.ReadAllBytes(temporary.TorrentPath), seed);
        TorrentFile.Read(cut.Torrent.TorrentFile).DataPieces.ToArray().ShouldBe(PieceHashes.Of(temporary.Bytes("data")), seed);
        List<string> back = [];
        foreach (var entry in cut.Added)
        await foreach (var message in temporary.Tree.Extract(cut.Torrent, entry, Cancellation))
            back.Add(Told(message));
        back.ShouldBe(messages.Select(Told), seed);
    }

    /// <summary>By the generated classes, one archive a week.</summary>
    private static byte[] Expected(IReadOnlyList<ArchivedMessage> messages, int weeks)
    {
        using var data = new MemoryStream();
        for (var week = 0; week < weeks; week++)
        {
            var plan = TemporaryTree.Plan(week, week + 1);
            var inside = messages.Where(message => plan.From <= message.Timestamp && message.Timestamp < plan.To).ToList();
            if (inside.Count == 0)
                continue;
            var archive = new WakuMessageArchive
            {
                Metadata = new() { From = plan.From, To = plan.To },
            };
            archive.Metadata.ContentTopic.Add(ByteString.CopyFrom(TemporaryTree.Topic.ToBytes()));
            archive.Messages.AddRange(inside.Select(WakuMessageEncoderTests.Generated));
            var raw = archive.ToByteArray();
            data.Write(raw);
            data.Write(new byte[ArchiveFormat.SlotBytes(raw.Length) - raw.Length]);
        }
        return data.ToArray();
    }

    private static IEnumerable<ArchivedMessage> Messages(Random random, int weeks)
    {
        for (var week = 0; week < weeks; week++)
        {
            // What is around a message of some kilobytes takes 100 bytes and a few: the raw archive ends just before, at and behind a piece's end.
            var count = random.Next(4);
            for (var i = 0; i < count; i++)
            {
                var near = (random.Next(1, 25) * ArchiveFormat.PieceBytes / count) - random.Next(40, 130);
                var payload = new byte[random.Next(3) == 0 ? random.Next(2000) : near];
                random.NextBytes(payload);
                yield return TemporaryTree.Message(TemporaryTree.Start + ((ulong)week * TemporaryTree.Week) + (ulong)i, 0, (byte)i) with
                {
                    Payload = payload,
                    Padding = new byte[random.Next(3)],
                    ThirdPartyId = random.Next(2) == 0 ? "" : $"id-{week}-{i}",
                };
            }
        }
    }

    private static string Told(ArchivedMessage message) =>
        $"{message.Timestamp} {message.Topic} {message.ThirdPartyId} {Convert.ToHexString(message.Hash)} {Vector.Sha256(message.Payload)} "
        + $"{message.Padding.Length} {message.Sig.Length}";
}
