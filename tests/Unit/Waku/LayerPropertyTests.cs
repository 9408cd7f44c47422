using EventArchive.Model;
using EventArchive.Waku;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>Every layer of a message, with random sizes and bytes: what goes in comes out, and what was altered on the way does not.</summary>
public sealed class LayerPropertyTests
{
    private static readonly byte[] SymmetricKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    [Fact]
    public void Each_layer_gives_back_what_was_put_in() =>
        ForAll(
            (random, size) =>
            {
                var key = PrivateKey(random);
                var data = Bytes(random, size);
                FillRandom fill = bytes => random.NextBytes(bytes);

                var payload = WakuPayload.Open(WakuPayload.Seal(data, key, SymmetricKey, fill), SymmetricKey);
                payload.Data.ShouldBe(data);
                payload.Padding.Length.ShouldBeInRange(1, 256);
                payload.Sender.ShouldBe(Secp256k1.PublicKey(key, compressed: false));

                var content = Bytes(random, 1 + random.Next(2_000));
                var type = random.Next(1, 100);
                var signed = ApplicationMessage.Sign(key, content, type);
                var application = ApplicationMessage.Open(signed);
                application.Payload.ShouldBe(content);
                (application.Type, application.SignerId).ShouldBe((type, CommunityKey.IdOf(key)));
                ProtocolMessageLayer.Unwrap(ProtocolMessageLayer.Wrap(signed)).ShouldBe(signed);

                var message = new WakuMessage(
                    Bytes(random, size),
                    $"/waku/1/0x{random.Next():x8}/rfc26",
                    (uint)random.Next(3),
                    random.NextInt64(),
                    Bytes(random, random.Next(2) * 64),
                    random.Next(2) == 0
                );
                Same(WakuMessage.FromProtobuf(message.ToProtobuf()), message);
                var (read, unreadable) = NwakuJson.ReadMessages((byte[])[.. "["u8, .. NwakuJson.Write(message), .. "]"u8]);
                unreadable.ShouldBe(0);
                Same(read.ShouldHaveSingleItem(), message);
            }
        );

    [Fact]
    public void A_sealed_payload_that_was_altered_or_cut_anywhere_is_refused_with_a_reason() =>
        ForAll(
            (random, size) =>
            {
                var sealedBytes = WakuPayload.Seal(Bytes(random, size), PrivateKey(random), SymmetricKey, bytes => random.NextBytes(bytes));
                var altered = (byte[])sealedBytes.Clone();
                altered[random.Next(altered.Length)] ^= (byte)(1 << random.Next(8));
                Refused(altered);
                Refused(sealedBytes[..random.Next(sealedBytes.Length)]);
                Refused(sealedBytes[random.Next(1, sealedBytes.Length)..]);
            }
        );

    [Fact]
    public void An_unsealed_payload_that_was_altered_has_another_signer_or_none_and_never_ends_the_program() =>
        ForAll(
            (random, size) =>
            {
                var key = PrivateKey(random);
                var plain = WakuPayload.Plain(Bytes(random, size), key, bytes => random.NextBytes(bytes));
                plain[random.Next(plain.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    var read = WakuPayload.Read(plain.AsSpan(0, random.Next(2, plain.Length + 1)));
                    (read.Sender?.SequenceEqual(Secp256k1.PublicKey(key, compressed: false)) ?? false).ShouldBeFalse();
                }
                catch (FormatException fault)
                {
                    fault.Message.ShouldEndWith(".");
                }
            }
        );

    [Fact]
    public void A_payload_or_a_message_above_its_limit_is_refused_before_it_is_read()
    {
        Should.Throw<FormatException>(() => WakuPayload.Seal(new byte[WakuPayload.MaxDataBytes + 1], [], SymmetricKey, _ => { }));
        Should.Throw<FormatException>(() => WakuMessage.FromProtobuf(new byte[WakuMessage.MaxBytes + 1])).Message.ShouldContain("at most");
        Should
            .Throw<FormatException>(() => ApplicationMessage.Open(new byte[ApplicationMessage.MaxBytes + 1]))
            .Message.ShouldContain("at most");
    }

    private static void ForAll(Action<Random, int> holds) =>
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll<int, int>(
                (seed, size) =>
                {
                    // Small ones, and the ends at which a length takes another byte.
                    int[] edges = [0, 1, 187, 188, 189, 255, 256, 65_535, 65_536, 70_000];
                    holds(new Random(seed), Math.Abs(size) % 3 == 0 ? edges[Math.Abs(seed) % edges.Length] : Math.Abs(size) * 7);
                }
            )
        );

    private static void Refused(byte[] sealedBytes) =>
        Should.Throw<FormatException>(() => WakuPayload.Open(sealedBytes, SymmetricKey)).Message.ShouldEndWith(".");

    private static void Same(WakuMessage read, WakuMessage written)
    {
        (read.ContentTopic, read.Version, read.Timestamp, read.Ephemeral).ShouldBe(
            (written.ContentTopic, written.Version, written.Timestamp, written.Ephemeral)
        );
        read.Payload.ShouldBe(written.Payload);
        read.Meta.ShouldBe(written.Meta);
    }

    private static byte[] PrivateKey(Random random)
    {
        var key = Bytes(random, 32);
        key[0] = 1;
        return key;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
