using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>Whatever comes where an encrypted archive is due: a fault that says what is wrong, and nothing else.</summary>
public sealed class RatchetEnvelopeTests
{
    private static readonly byte[] Group = TemporaryTree.Community.ToKey();
    private static readonly byte[] KeyId = HashRatchetTests.Key.Id.ToBytes();
    private static readonly byte[] Payload = Encrypted(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_that_the_cases_are_made_from_is_opened()
    {
        (await Open(Message(Entry("none", Payload, Header(3))))).ShouldBe("plain"u8.ToArray());
        // What a later version adds is passed over.
        (await Open([.. Message(Entry("none", Payload, Header(3))), 0x78, 1, .. Field(3, [1, 2])])).ShouldBe("plain"u8.ToArray());
        (await Open(Message([.. Entry("some-device", [1], Header(3)), .. Entry("none", Payload, Header(3))]))).Length.ShouldBe(5);
    }

    public static TheoryData<string, byte[], string> Refused() =>
        new()
        {
            { "nothing", [], "not encrypted" },
            { "an archive in the clear", [0x12, 0, 0x1A, 0], "not encrypted" },
            { "an index in the clear", [0x0A, 0], "not encrypted" },
            { "a public message", Field(102, [1, 2, 3]), "public message" },
            { "public beside encrypted", [.. Message(Entry("none", Payload, Header(3))), .. Field(102, [1])], "public message" },
            { "for another device", Message(Entry("device", Payload, Header(3))), "not encrypted" },
            { "twice", Message([.. Entry("none", Payload, Header(3)), .. Entry("none", Payload, Header(3))]), "twice" },
            { "no header", Message(Field(101, [.. Field(1, "none"u8), .. Field(2, Field(3, Payload))])), "one device" },
            { "another group", Message(Entry("none", Payload, Header(3, group: [2, .. Group[1..]]))), "another group" },
            { "no group", Message(Entry("none", Payload, Header(3, group: []))), "another group" },
            { "a short key id", Message(Entry("none", Payload, Header(3, keyId: KeyId[..31]))), "31 bytes" },
            { "no key id", Message(Entry("none", Payload, Header(3, keyId: []))), "0 bytes" },
            { "seq_no 0, which status-go takes for the clear", Message(Entry("none", Payload, Header(0))), "begin at 1" },
            { "seq_no beyond 32 bits", Message(Entry("none", Payload, Header(1UL << 32))), "32 bits" },
            { "the highest seq_no", Message(Entry("none", Payload, Header(uint.MaxValue))), "more than 100000 above 0" },
            { "a seq_no one beyond the limit", Message(Entry("none", Payload, Header(100_001))), "more than 100000 above 0" },
            { "another seq_no", Message(Entry("none", Payload, Header(4))), "changed or cut" },
            { "no payload", Message(Entry("none", [], Header(3))), "hold nothing" },
            { "a payload without a byte in it", Message(Entry("none", Payload[..28], Header(3))), "hold nothing" },
            { "a cut payload", Message(Entry("none", Payload[..^1], Header(3))), "changed or cut" },
            {
                "a changed tag",
                Message(Entry("none", [.. Payload[..^13], (byte)(Payload[^13] ^ 1), .. Payload[^12..]], Header(3))),
                "changed or cut"
            },
            { "a message that ends early", Message(Entry("none", Payload, Header(3)))[..^1], "are there" },
            { "a length past the end", [0xAA, 0x06, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "are there" },
            { "an endless number", [0xAA, 0x06, .. Enumerable.Repeat((byte)0xFF, 12)], "64 bits" },
            { "groups as deep as the stack", [.. Enumerable.Repeat((byte)0x0B, 1_000_000)], "wire type 3" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_not_this_communitys_encrypted_message_is_refused(string what, byte[] bytes, string reason)
    {
        var fault = await Should.ThrowAsync<FormatException>(() => Open(bytes), what);

        fault.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task A_key_that_is_not_here_is_named_because_it_may_come()
    {
        var other = new RatchetKey(TemporaryTree.Community, 1, HashRatchetTests.Secret);
        var bytes = Message(Entry("none", Payload, Header(3, keyId: other.Id.ToBytes())));

        (await Should.ThrowAsync<RatchetKeyMissingException>(() => Open(bytes))).Keys.ShouldBe([other.Id]);
    }

    [Fact]
    public async Task A_number_that_opened_is_known_to_be_used_and_the_limit_moves_on_with_it()
    {
        var keys = new InMemoryRatchetKeys();
        await keys.Import(HashRatchetTests.Key, 99_000, Cancellation);

        await Open(Message(Entry("none", Encrypted(150_000), Header(150_000))), keys);

        (await keys.FindNewest(TemporaryTree.Community, Cancellation))!.HighestSeqNo.ShouldBe(150_000u);
        await Should.ThrowAsync<FormatException>(() => Open(Message(Entry("none", Payload, Header(250_001))), keys));
    }

    [Fact]
    public async Task A_number_that_did_not_open_moves_nothing_because_anybody_can_write_one()
    {
        var keys = new InMemoryRatchetKeys();
        await keys.Import(HashRatchetTests.Key, 0, Cancellation);

        await Should.ThrowAsync<FormatException>(() => Open(Message(Entry("none", Payload, Header(90_000))), keys));

        (await keys.FindNewest(TemporaryTree.Community, Cancellation))!.HighestSeqNo.ShouldBe(0u);
    }

    private static async Task<byte[]> Open(byte[] bytes)
    {
        var keys = new InMemoryRatchetKeys();
        await keys.Import(HashRatchetTests.Key, 0, Cancellation);
        return await Open(bytes, keys);
    }

    private static async Task<byte[]> Open(byte[] bytes, InMemoryRatchetKeys keys) =>
        (await new ArchiveSeals(keys, TemporaryTree.Community).Open(bytes, Cancellation)).ToArray();

    private static byte[] Encrypted(uint seqNo)
    {
        byte[] bytes = [.. "plain"u8, .. new byte[HashRatchet.AddedBytes]];
        new HashRatchet(HashRatchetTests.Key).Encrypt(seqNo, bytes);
        return bytes;
    }

    private static byte[] Message(byte[] entries) => [.. Field(2, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"u8), .. entries];

    private static byte[] Entry(string device, byte[] payload, byte[] header) =>
        Field(101, [.. Field(1, System.Text.Encoding.ASCII.GetBytes(device)), .. Field(2, [.. Field(3, payload), .. Field(102, header)])]);

    private static byte[] Header(ulong seqNo, byte[]? group = null, byte[]? keyId = null) =>
        [0x08, 5, 0x10, .. Varint(seqNo), .. Field(3, group ?? Group), .. Field(4, keyId ?? KeyId)];

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes) =>
        [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
