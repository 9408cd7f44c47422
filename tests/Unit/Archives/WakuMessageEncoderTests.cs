using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Model;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>The hand-made encoding against the generated one.</summary>
public sealed class WakuMessageEncoderTests
{
    private static readonly int[] Lengths = [0, 1, 65, 127, 128, 129, 300, 16_383, 16_384, 70_000];

    private static readonly string[] Ids = ["", "x", "discord-1", "é", "\ud83d\ude00", "a\ud83db", "\udc00", new string('ß', 64)];

    [Fact]
    public void Every_message_has_the_bytes_that_the_generated_class_gives()
    {
        const int seed = 20_261_124;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var message = new ArchivedMessage(
                Bytes(random),
                random.Next(4) == 0 ? 0 : (ulong)random.NextInt64() >> random.Next(63),
                ContentTopic.FromBytes(Bytes(random, 4)),
                Bytes(random),
                Bytes(random),
                Bytes(random),
                Ids[random.Next(Ids.Length)]
            );
            var expected = Generated(message).ToByteArray();
            var bytes = new byte[WakuMessageEncoder.SizeOf(message)];

            WakuMessageEncoder.Write(message, message.Topic.ToBytes(), bytes).ShouldBe(bytes.Length);

            bytes.AsSpan().SequenceEqual(expected).ShouldBeTrue($"message {i} of seed {seed}");
        }
    }

    [Fact]
    public void The_largest_timestamp_takes_ten_bytes()
    {
        var message = TemporaryTree.Message(ulong.MaxValue, 3, 1);
        var bytes = new byte[WakuMessageEncoder.SizeOf(message)];
        WakuMessageEncoder.Write(message, message.Topic.ToBytes(), bytes);

        bytes.ShouldBe(Generated(message).ToByteArray());
    }

    internal static WakuMessage Generated(ArchivedMessage message) =>
        new()
        {
            Sig = ByteString.CopyFrom(message.Sig.Span),
            Timestamp = message.Timestamp,
            Topic = ByteString.CopyFrom(message.Topic.ToBytes()),
            Payload = ByteString.CopyFrom(message.Payload.Span),
            Padding = ByteString.CopyFrom(message.Padding.Span),
            Hash = ByteString.CopyFrom(message.Hash),
            ThirdPartyId = message.ThirdPartyId,
        };

    private static byte[] Bytes(Random random) => Bytes(random, Lengths[random.Next(random.Next(8) == 0 ? Lengths.Length : 7)]);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
