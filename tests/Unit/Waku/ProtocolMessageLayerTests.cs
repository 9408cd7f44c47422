using EventArchive.Waku;
using EventArchive.Waku.Wire;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class ProtocolMessageLayerTests
{
    [Theory]
    [InlineData("plain-11")]
    [InlineData("with-bundle-11")]
    [InlineData("sharded-protected-a")]
    public void The_signed_message_is_taken_out_with_or_without_a_bundle(string name)
    {
        var vector = MessageVector.Named(name);
        ProtocolMessageLayer.Unwrap(vector.Bytes("protocolMessage")).ShouldBe(vector.Bytes("wrapped"));
    }

    [Fact]
    public void A_message_without_the_layer_is_taken_as_it_is()
    {
        var wrapped = MessageVector.Named("no-encryption-layer").Bytes("wrapped");
        ProtocolMessageLayer.Unwrap(wrapped).ShouldBe(wrapped);
    }

    [Fact]
    public void What_is_wrapped_names_no_account_and_no_device()
    {
        var vector = MessageVector.Named("plain-11");
        ProtocolMessageLayer.Wrap(vector.Bytes("wrapped")).ShouldBe(vector.Bytes("protocolMessage"));
        ProtocolMessage.Parser.ParseFrom(ProtocolMessageLayer.Wrap([1])).Bundles.ShouldBeEmpty();
    }

    [Fact]
    public void An_encrypted_message_is_refused_with_that_reason()
    {
        var message = new ProtocolMessage { EncryptedMessage = { ByteString.CopyFrom(1, 2, 3) } }.ToByteArray();
        Should.Throw<FormatException>(() => ProtocolMessageLayer.Unwrap(message)).Message.ShouldContain("encrypted");
    }

    [Fact]
    public void Too_much_and_too_deep_are_refused()
    {
        Should.Throw<FormatException>(() => ProtocolMessageLayer.Unwrap(new byte[ProtocolMessageLayer.MaxBytes + 1]));
        Should.Throw<FormatException>(() => ProtocolMessageLayer.Unwrap(Nested.Groups(30_000)));
        Should.Throw<FormatException>(() => ProtocolMessageLayer.Unwrap([0x92, 0x06, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]));
    }
}
