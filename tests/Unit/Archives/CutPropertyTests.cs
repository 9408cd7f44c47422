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

    private readonly HashSet<int> remainders = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_cut_has_the_bytes_of_whole_archives_encoded_at_once_and_reads_back()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            TestContext.Current.SendDiagnosticMessage($"seed {seed}");
            await Check(new Random(seed), $"seed {seed}");
        }
        // Else the rounds would say nothing about the ends of pieces.
        foreach (var remainder in new[] { ArchiveFormat.PieceBytes - 1, 0, 1 })
            remainders.ShouldContain(remainder);
    }

    private async Task Check(Random random, string seed)
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
    private byte[] Expected(IReadOnlyList<ArchivedMessage> messages, int weeks)
    {
        using var data = new MemoryStream();
        for (var week = 0; week < weeks; week++)
        {
            var plan = TemporaryTree.Plan(week, week + 1);
            var inside = messages.Where(message => plan.From <= message.Timestamp && message.Timestamp < plan.To).ToList();
            if (inside.Count == 0)
                continue;
            var raw = Raw(inside, plan);
            remainders.Add(raw.Length % ArchiveFormat.PieceBytes);
            data.Write(raw);
            data.Write(new byte[Padding(raw.Length)]);
        }
        return data.ToArray();
    }

    /// <summary>The specification's rule in words of its own: fill up the piece, and above one piece a full one is followed by another.</summary>
    private static int Padding(int rawBytes)
    {
        var missing = (ArchiveFormat.PieceBytes - (rawBytes % ArchiveFormat.PieceBytes)) % ArchiveFormat.PieceBytes;
        return missing == 0 && rawBytes > ArchiveFormat.PieceBytes ? ArchiveFormat.PieceBytes : missing;
    }

    private static byte[] Raw(IEnumerable<ArchivedMessage> messages, CutPlan plan)
    {
        var archive = new WakuMessageArchive
        {
            Metadata = new() { From = plan.From, To = plan.To },
        };
        archive.Metadata.ContentTopic.Add(ByteString.CopyFrom(TemporaryTree.Topic.ToBytes()));
        archive.Messages.AddRange(messages.Select(WakuMessageEncoderTests.Generated));
        return archive.ToByteArray();
    }

    private static IEnumerable<ArchivedMessage> Messages(Random random, int weeks)
    {
        for (var week = 0; week < weeks; week++)
        {
            var count = random.Next(4);
            List<ArchivedMessage> messages = [];
            for (var i = 0; i < count; i++)
            {
                messages.Add(
                    TemporaryTree.Message(TemporaryTree.Start + ((ulong)week * TemporaryTree.Week) + (ulong)i, 0, (byte)i) with
                    {
                        Payload = Bytes(random, random.Next(3) == 0 ? random.Next(2000) : random.Next(8 * ArchiveFormat.PieceBytes)),
                        Padding = new byte[random.Next(3)],
                        ThirdPartyId = random.Next(2) == 0 ? "" : $"id-{week}-{i}",
                    }
                );
            }
            // Most weeks end a byte before, at, or a byte behind the end of a piece.
            if (count > 0 && random.Next(4) > 0)
                messages[^1] = messages[^1] with { Payload = Bytes(random, LengthToEndAt(messages, week, random.Next(-1, 2))) };
            foreach (var message in messages)
                yield return message;
        }
    }

    /// <summary>The payload of the last message with which the raw archive has so many bytes more than a multiple of the piece length.</summary>
    private static int LengthToEndAt(List<ArchivedMessage> messages, int week, int more)
    {
        // At least half a piece, so that the length's own bytes stay as many while a part of a piece is added.
        var begun = messages[^1] with
        {
            Payload = new byte[ArchiveFormat.PieceBytes / 2],
        };
        var raw = Raw([.. messages.SkipLast(1), begun], TemporaryTree.Plan(week, week + 1)).Length;
        return begun.Payload.Length + (int)(ArchiveFormat.Pieces(raw) * ArchiveFormat.PieceBytes) - raw + more;
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Told(ArchivedMessage message) =>
        $"{message.Timestamp} {message.Topic} {message.ThirdPartyId} {Convert.ToHexString(message.Hash)} {Vector.Sha256(message.Payload.Span)} "
        + $"{message.Padding.Length} {message.Sig.Length}";
}
