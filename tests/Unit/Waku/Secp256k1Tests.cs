using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class Secp256k1Tests
{
    private const string Order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private static readonly byte[] Key = MessageVector.Named("plain-11").Key("communityPrivateKey");

    [Fact]
    public void The_community_of_a_private_key_is_its_compressed_public_key() =>
        CommunityKey.IdOf(Key).ToString().ShouldBe(MessageVector.Named("plain-11").Text("communityId"));

    [Theory]
    [InlineData("0x")]
    [InlineData("0x11")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(Order)]
    [InlineData("0xabababababababababababababababababababababababababababababababab11")]
    public void A_key_that_is_none_is_refused_and_not_repeated_in_the_message(string key)
    {
        var message = Should.Throw<FormatException>(() => CommunityKey.IdOf(Hex.Decode(key, "key"))).Message;
        message.ShouldContain("private key");
        message.ShouldNotContain("abab");
        message.ShouldNotContain("fffff");
    }

    [Fact]
    public void Both_forms_of_a_public_key_name_the_same_point()
    {
        var uncompressed = Secp256k1.PublicKey(Key, compressed: false);
        uncompressed.Length.ShouldBe(65);
        Secp256k1.Compress(uncompressed).ShouldBe(Secp256k1.PublicKey(Key, compressed: true));
    }

    [Fact]
    public void Many_threads_sign_and_recover_alike()
    {
        var expected = Secp256k1.PublicKey(Key, compressed: false);
        Parallel.For(
            0,
            2_000,
            number =>
            {
                var hash = Keccak256.Hash(BitConverter.GetBytes(number));
                Secp256k1.Recover(hash, Secp256k1.Sign(hash, Key)).ShouldBe(expected);
            }
        );
    }

    [Fact]
    public void A_hash_of_another_length_is_refused_because_the_library_would_read_past_it()
    {
        Should.Throw<ArgumentException>(() => Secp256k1.Sign(new byte[31], Key));
        Should.Throw<ArgumentException>(() => Secp256k1.Recover(new byte[31], new byte[65]));
        Should.Throw<ArgumentException>(() => Secp256k1.Verify([], new byte[64], new byte[65]));
    }

    [Fact]
    public void Without_the_library_the_error_is_the_command_that_installs_it() =>
        Should
            .Throw<DllNotFoundException>(() => Secp256k1Library.Load(["libsecp256k1.so.none"], typeof(Secp256k1).Assembly, null))
            .Message.ShouldContain("apt-get install libsecp256k1-1");
}
