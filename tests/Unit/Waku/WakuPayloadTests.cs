using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class WakuPayloadTests
{
    private static readonly MessageVector Vector = MessageVector.Named("plain-11");
    private static readonly byte[] Sender = Vector.Key("senderPrivateKey");
    private static readonly byte[] SymmetricKey = Vector.Bytes("symKey");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(189, 1)]
    [InlineData(190, 1)]
    [InlineData(255, 1)]
    [InlineData(256, 2)]
    [InlineData(65_535, 2)]
    [InlineData(65_536, 3)]
    [InlineData(200_000, 3)]
    public void A_payload_opens_as_it_was_sealed_whatever_its_length(int length, int lengthBytes)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        var plain = WakuPayload.Plain(data, Sender, Noise(length));
        plain[0].ShouldBe((byte)(lengthBytes | 4));
        (plain.Length % 256).ShouldBe(0);
        var opened = WakuPayload.Open(WakuPayload.Encrypt(plain, SymmetricKey, Noise(length)), SymmetricKey);
        opened.Data.ShouldBe(data);
        opened.Padding.Length.ShouldBeInRange(1, 256);
        opened.Sender.ShouldBe(Secp256k1.PublicKey(Sender, compressed: false));
    }

    [Fact]
    public void A_payload_that_needs_no_padding_gets_a_whole_step_of_it() =>
        WakuPayload.Read(WakuPayload.Plain(new byte[256 - 65 - 2], Sender, Noise(1))).Padding.Length.ShouldBe(256);

    [Fact]
    public void A_length_that_three_bytes_cannot_hold_is_refused() =>
        Should.Throw<FormatException>(() => WakuPayload.Plain(new byte[WakuPayload.MaxDataBytes + 1], Sender, Noise(1)));

    [Fact]
    public void Two_sealings_of_the_same_data_differ_because_nonce_and_padding_are_drawn_anew()
    {
        var random = Noise(7);
        var first = WakuPayload.Seal([1, 2, 3], Sender, SymmetricKey, random);
        var second = WakuPayload.Seal([1, 2, 3], Sender, SymmetricKey, random);
        first.ShouldNotBe(second);
        first.AsSpan(^WakuPayload.NonceBytes..).ToArray().ShouldNotBe(second.AsSpan(^WakuPayload.NonceBytes..).ToArray());
    }

    [Fact]
    public void An_unsigned_payload_is_refused_as_status_go_does() =>
        Should
            .Throw<FormatException>(() => WakuPayload.Open(WakuPayload.Seal([1], [], SymmetricKey, Noise(1)), SymmetricKey))
            .Message.ShouldContain("not signed");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(27)]
    [InlineData(28)]
    public void A_payload_too_short_for_tag_and_nonce_is_refused(int length) =>
        Should.Throw<FormatException>(() => WakuPayload.Open(new byte[length], SymmetricKey));

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("04ff")]
    [InlineData("01")]
    [InlineData("0105")]
    [InlineData("03ffffff00")]
    [InlineData("0500")]
    [InlineData("07ffffff")]
    public void A_length_that_does_not_fit_is_refused(string plain) =>
        Should.Throw<FormatException>(() => WakuPayload.Read(Convert.FromHexString(plain)));

    [Fact]
    public void A_signed_payload_whose_data_would_reach_into_the_signature_is_refused()
    {
        var plain = new byte[256];
        plain[0] = 0x05;
        plain[1] = 200;
        Should.Throw<FormatException>(() => WakuPayload.Read(plain)).Message.ShouldContain("room for 189");
    }

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        var payload = Vector.Bytes("wakuPayload");
        for (var at = 0; at < payload.Length; at++)
        {
            payload[at] ^= 0x10;
            Should.Throw<FormatException>(() => WakuPayload.Open(payload, SymmetricKey));
            payload[at] ^= 0x10;
        }
        WakuPayload.Open(payload, SymmetricKey).Padding.Length.ShouldBe(94);
    }

    [Fact]
    public void Mutated_plain_payloads_are_refused_or_read_and_nothing_else_happens()
    {
        var random = new Random(4712);
        for (var round = 0; round < 20_000; round++)
        {
            var plain = Vector.Bytes("wakuPayloadPlain");
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                plain[random.Next(random.Next(2) == 0 ? 4 : plain.Length)] = (byte)random.Next(256);
            try
            {
                var read = WakuPayload.Read(plain.AsSpan(0, random.Next(2) == 0 ? plain.Length : random.Next(plain.Length)));
                (read.Data.Length + read.Padding.Length).ShouldBeLessThan(plain.Length);
            }
            catch (FormatException fault)
            {
                fault.Message.ShouldNotBeEmpty();
            }
        }
    }

    private static FillRandom Noise(int seed)
    {
        var random = new Random(seed);
        return bytes => random.NextBytes(bytes);
    }
}
