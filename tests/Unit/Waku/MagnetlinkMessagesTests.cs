using System.Text;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Waku;
using EventArchive.Waku.Wire;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class MagnetlinkMessagesTests
{
    private static readonly MagnetlinkMessages Messages = new();
    private static readonly MessageVector Vector = MessageVector.Named("plain-11");
    private static readonly byte[] Key = Vector.Key("communityPrivateKey");
    private static readonly CommunityId Community = CommunityKey.IdOf(Key);
    private static readonly Clock Clock = new(1700000000123);
    private static readonly Magnetlink Magnet = Magnetlink.Parse(Vector.Input.GetProperty("magnetUri").GetString()!);

    [Fact]
    public void The_same_input_gives_the_same_bytes_because_nonces_are_derived()
    {
        Messages.Sign(Key, Clock, Magnet).ShouldBe(Vector.Bytes("wrapped"));
        Messages.Sign(Key, Clock, Magnet).ShouldBe(Messages.Sign(Key, Clock, Magnet));
    }

    [Fact]
    public void What_was_signed_is_read_back_with_its_signer()
    {
        var opened = Messages.Open(Vector.Bytes("wrapped"));
        opened.Signer.ShouldBe(Community);
        opened.Clock.ShouldBe(Clock);
        opened.Magnetlink.ShouldBe(Magnet);
    }

    [Fact]
    public void A_stranger_s_message_opens_and_names_the_stranger() =>
        Messages.Open(MessageVector.Named("bad-wrong-application-signer").Bytes("wrapped")).Signer.ShouldNotBe(Community);

    [Fact]
    public void A_message_cut_short_anywhere_is_refused()
    {
        var whole = Vector.Bytes("wrapped");
        for (var length = 0; length < whole.Length; length++)
            Refusal(whole[..length]).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_changed_payload_belongs_to_another_signer_or_to_none()
    {
        var message = Read();
        var payload = message.Payload.ToByteArray();
        payload[1] ^= 1;
        message.Payload = ByteString.CopyFrom(payload);
        Messages.Open(message.ToByteArray()).Signer.ShouldNotBe(Community);
    }

    [Fact]
    public void A_v_of_27_is_refused_because_Status_writes_0_or_1() =>
        Refusal(WithSignature(signature => signature[64] += 27)).ShouldContain("v, is 0 or 1");

    [Fact]
    public void A_high_s_is_refused_because_anybody_can_make_that_copy() => Refusal(WithSignature(Mirror)).ShouldContain("upper half");

    [Fact]
    public void A_signature_of_zeros_belongs_to_no_key() =>
        Refusal(WithSignature(signature => signature.AsSpan().Clear())).ShouldContain("no key");

    [Fact]
    public void An_r_beyond_the_order_belongs_to_no_key() =>
        Refusal(WithSignature(signature => signature.AsSpan(0, 32).Fill(0xFF))).ShouldContain("no key");

    [Fact]
    public void A_signature_of_another_length_is_refused()
    {
        var message = Read();
        message.Signature = ByteString.CopyFrom(message.Signature.Span[..64]);
        Refusal(message.ToByteArray()).ShouldContain("65 bytes");
    }

    [Fact]
    public void An_unsigned_message_is_refused_though_status_go_would_take_the_outer_sender_s_word()
    {
        var message = Read();
        message.Signature = ByteString.Empty;
        Refusal(message.ToByteArray()).ShouldContain("no signature");
    }

    [Fact]
    public void A_payload_relabelled_as_another_type_is_refused_because_the_type_is_not_signed()
    {
        var message = Read();
        message.Type = 1;
        Refusal(message.ToByteArray()).ShouldContain("type 43");
    }

    [Theory]
    [InlineData(0UL, "magnet:?xt=urn:btih:d863b128a8514c8b8b40dae37d54bec805756cc1", "no clock")]
    [InlineData(1UL, "", "no magnet")]
    [InlineData(1UL, "http://example.org", "starts with magnet:?")]
    [InlineData(1UL, "magnet:?dn=x", "xt=urn:btih:")]
    public void A_message_needs_a_clock_and_a_magnet(ulong clock, string magnet, string reason) =>
        Refusal(Signed(MagnetlinkMessages.Encode(clock, magnet))).ShouldContain(reason);

    [Fact]
    public void A_magnet_that_is_not_UTF_8_is_refused()
    {
        var content = new CommunityMessageArchiveMagnetlink
        {
            Clock = 1,
            MagnetUri = ByteString.CopyFrom([.. Encoding.UTF8.GetBytes(Magnet + "&dn="), 0xFF]),
        };
        Refusal(Signed(content.ToByteArray())).ShouldContain("UTF-8");
    }

    [Fact]
    public void Too_long_a_message_is_refused_before_it_is_read() =>
        Refusal(new byte[ApplicationMessage.MaxBytes + 1]).ShouldContain("at most");

    [Fact]
    public void A_length_beyond_the_end_is_refused_without_that_much_memory()
    {
        byte[] hugeLength = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        Refusal(hugeLength).ShouldContain("protobuf");
        Refusal(Signed(hugeLength)).ShouldContain("protobuf");
    }

    [Fact]
    public void Deep_nesting_is_refused_and_does_not_end_the_process()
    {
        Refusal(Nested.Groups(8_000)).ShouldContain("protobuf");
        Refusal(Signed(Nested.Groups(7_000))).ShouldContain("protobuf");
    }

    [Fact]
    public void Mutated_messages_are_refused_or_read_and_nothing_else_happens()
    {
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Vector.Bytes("wrapped");
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                Messages.Open(bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length)));
            }
            catch (FormatException fault)
            {
                fault.Message.ShouldNotBeEmpty();
            }
        }
    }

    private static string Refusal(byte[] message) => Should.Throw<FormatException>(() => Messages.Open(message)).Message;

    private static ApplicationMetadataMessage Read() => ApplicationMetadataMessage.Parser.ParseFrom(Vector.Bytes("wrapped"));

    private static byte[] Signed(byte[] content) => ApplicationMessage.Sign(Key, content, ApplicationMessage.MagnetlinkType);

    private static byte[] WithSignature(Action<byte[]> change)
    {
        var message = Read();
        var signature = message.Signature.ToByteArray();
        change(signature);
        message.Signature = ByteString.CopyFrom(signature);
        return message.ToByteArray();
    }

    /// <summary>Replaces s by the order less s and turns v: the same signature in the eyes of plain ECDSA.</summary>
    private static void Mirror(byte[] signature)
    {
        var order = new System.Numerics.BigInteger(
            Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141"),
            isUnsigned: true,
            isBigEndian: true
        );
        var s = new System.Numerics.BigInteger(signature.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
        (order - s).ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(signature, 32);
        signature[64] ^= 1;
    }
}
