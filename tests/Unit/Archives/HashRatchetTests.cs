using System.Text;
using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Model;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>Known answers are those of tests/Integration/Cli/hash-ratchet.mjs, which shares no code with the product.</summary>
public sealed class HashRatchetTests
{
    internal static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
    internal static readonly RatchetKey Key = new(TemporaryTree.Community, 1_700_000_000_123, Secret);

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("an archive");

    [Fact]
    public void A_key_has_the_id_that_a_foreign_reader_computes() =>
        Key.Id.ToString().ShouldBe("0xc045df1e80a01c187fc8d74b36c3c6baa0400ecb182b66e6510870b43e89e1cd");

    [Theory]
    [InlineData(1, "8ae1aa597fa146ebd3aa2ceddf360668dea5e526567e92b0321816a4e895bd2d")]
    [InlineData(2, "4bdf1d78fe264becbf519d25a451145aad6d551d4b9e24b1a34dca34a75a43e9")]
    [InlineData(1000, "59b5512fd4f7d97404b6f0de1e57797ad8bff3ce4df0f04239b1f6b4b8c9f0d6")]
    public void A_ratchet_turns_to_the_keys_that_a_foreign_reader_computes(int seqNo, string turned)
    {
        // Turned already, AES-GCM opens with this key and no other.
        var sealedBytes = Sealed((uint)seqNo);
        var plain = new byte[Plain.Length];
        using var aes = new System.Security.Cryptography.AesGcm(Convert.FromHexString(turned), HashRatchet.TagBytes);

        aes.Decrypt(
            sealedBytes.AsSpan()[^HashRatchet.NonceBytes..],
            sealedBytes.AsSpan(0, Plain.Length),
            sealedBytes.AsSpan(Plain.Length, HashRatchet.TagBytes),
            plain
        );

        plain.ShouldBe(Plain);
    }

    [Fact]
    public void What_is_sealed_opens_in_any_order_because_an_index_with_the_highest_number_is_read_first()
    {
        var ratchet = new HashRatchet(Key);
        foreach (var seqNo in new uint[] { 5, 1, 3, 3, 6 })
            ratchet.Decrypt(seqNo, Sealed(seqNo)).ShouldBe(Plain);
    }

    [Fact]
    public void The_same_bytes_give_the_same_nonce_and_others_another_because_one_key_must_not_meet_a_nonce_twice()
    {
        Sealed(1).ShouldBe(Sealed(1));
        byte[] other = [.. Plain.Reverse(), .. new byte[HashRatchet.AddedBytes]];
        new HashRatchet(Key).Encrypt(1, other);
        other[^HashRatchet.NonceBytes..].ShouldNotBe(Sealed(1)[^HashRatchet.NonceBytes..]);
        Sealed(2)[^HashRatchet.NonceBytes..].ShouldNotBe(Sealed(1)[^HashRatchet.NonceBytes..]);
    }

    [Fact]
    public void Any_changed_bit_and_any_missing_byte_is_found()
    {
        var sealedBytes = Sealed(4);
        for (var at = 0; at < sealedBytes.Length; at++)
        {
            var flipped = (byte[])sealedBytes.Clone();
            flipped[at] ^= 1;
            Should.Throw<FormatException>(() => new HashRatchet(Key).Decrypt(4, flipped)).Message.ShouldContain("changed or cut");
            Should.Throw<FormatException>(() => new HashRatchet(Key).Decrypt(4, sealedBytes.AsSpan(0, at)));
        }
        Should.Throw<FormatException>(() => new HashRatchet(Key).Decrypt(5, sealedBytes));
    }

    [Fact]
    public void Status_go_sees_that_an_archive_is_encrypted_because_the_installation_id_is_no_protobuf_message()
    {
        var plain = new WakuMessageArchive { Version = 1 }.ToByteArray();
        var archive = RatchetEnvelope.Write(Key, new HashRatchet(Key), 1, RatchetEnvelope.Room(plain)).ToArray();

        Should.Throw<InvalidProtocolBufferException>(() => WakuMessageArchive.Parser.ParseFrom(archive));
        WakuMessageArchiveIndex.Parser.ParseFrom(archive).Archives.ShouldBeEmpty();
        archive.Length.ShouldBeLessThan(RatchetEnvelope.MaxAddedBytes);
    }

    [Fact]
    public void A_key_and_what_holds_it_never_show_it()
    {
        var held = new Handlers.HeldRatchetKey(Key, 3);

        foreach (var text in new[] { Key.ToString(), held.ToString() })
        {
            text.ShouldContain(Key.Id.ToString());
            text.ShouldNotContain("0001020304", Case.Insensitive);
            text.ShouldNotContain(Convert.ToBase64String(Secret)[..8]);
        }
    }

    private static byte[] Sealed(uint seqNo)
    {
        byte[] bytes = [.. Plain, .. new byte[HashRatchet.AddedBytes]];
        new HashRatchet(Key).Encrypt(seqNo, bytes);
        return bytes;
    }
}
