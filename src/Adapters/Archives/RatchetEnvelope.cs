using System.Numerics;
using System.Text;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// Status's ProtocolMessage around what a hash ratchet has encrypted: installation_id (2), encrypted_message (101) with the one entry "none",
/// in it payload (3) and HR_header (102). Written field by field, so that thirty megabytes are not copied from object to object.
/// </summary>
/// <param name="KeyId">Which key.</param>
/// <param name="SeqNo">How often its ratchet turned.</param>
/// <param name="Payload">What <see cref="HashRatchet"/> reads.</param>
internal sealed record RatchetEnvelope(RatchetKeyId KeyId, uint SeqNo, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Longer than all that is put around the bytes.</summary>
    public const int MaxAddedBytes = 512;

    /// <summary>
    /// The same for everybody, so it tells nothing. Status-go takes an archive for an encrypted one when field 2 is no protobuf message: 'f'
    /// is a tag with the wire type 6, which there is not, so this text never is one. Without the field it would see an archive without messages.
    /// </summary>
    public const string InstallationId = "f0000000-0000-4000-8000-000000000000";

    private const int InstallationIdField = 2;
    private const int EncryptedMessageField = 101;
    private const int PublicMessageField = 102;
    private const int PayloadField = 3;
    private const int HeaderField = 102;
    private const string ForAll = "none";

    /// <param name="group">The community as whose message it is read.</param>
    /// <exception cref="FormatException">It is not such a message of this community; the text says why.</exception>
    public static RatchetEnvelope Read(ReadOnlyMemory<byte> bytes, CommunityId group)
    {
        ReadOnlyMemory<byte>? encrypted = null;
        foreach (var field in ProtobufFields.All(bytes))
        {
            if (field.Number == PublicMessageField)
                throw new FormatException("It is a public message, where an encrypted one is due.");
            if (field.Number == EncryptedMessageField && Entry(field.Bytes) is { } found)
                encrypted = encrypted is null ? found : throw new FormatException("It is encrypted twice over.");
        }
        if (encrypted is not { } message)
            throw new FormatException("It is not encrypted, although the community's setting says so.");
        ReadOnlyMemory<byte> payload = default;
        ReadOnlyMemory<byte>? header = null;
        foreach (var field in ProtobufFields.All(message))
        {
            if (field.Number == PayloadField)
                payload = field.Bytes;
            else if (field.Number == HeaderField)
                header = field.Bytes;
        }
        return ReadHeader(header ?? throw new FormatException("It is encrypted for one device, not with a hash ratchet."), payload, group);
    }

    /// <summary>Some bytes with the room around them that <see cref="Write"/> needs.</summary>
    public static Memory<byte> Room(ReadOnlySpan<byte> plain)
    {
        var room = new byte[plain.Length + (2 * MaxAddedBytes)];
        plain.CopyTo(room.AsSpan(MaxAddedBytes));
        return room;
    }

    /// <summary>Encrypts where the bytes are, and wraps. The same input gives the same bytes.</summary>
    /// <param name="room">What is encrypted, with <see cref="MaxAddedBytes"/> of room before and behind it.</param>
    /// <returns>The part of <paramref name="room"/> that is the message.</returns>
    public static ReadOnlyMemory<byte> Write(RatchetKey key, HashRatchet ratchet, uint seqNo, Memory<byte> room)
    {
        var header = new Writer(new byte[128]);
        // The first form of a key's name: its time, as far as 32 bits hold it.
        header.Number(1, (uint)key.Timestamp);
        header.Number(2, seqNo);
        header.Bytes(3, key.CommunityId.ToKey());
        header.Bytes(4, key.Id.ToBytes());
        var payloadBytes = room.Length - (2 * MaxAddedBytes) + HashRatchet.AddedBytes;
        var headerBytes = Writer.FieldBytes(HeaderField, header.Length);
        var messageBytes = Writer.FieldBytes(PayloadField, payloadBytes) + headerBytes;
        var before = new Writer(new byte[MaxAddedBytes]);
        before.Bytes(InstallationIdField, Encoding.ASCII.GetBytes(InstallationId));
        before.Head(EncryptedMessageField, Writer.FieldBytes(1, ForAll.Length) + Writer.FieldBytes(2, messageBytes));
        before.Bytes(1, Encoding.ASCII.GetBytes(ForAll));
        before.Head(2, messageBytes);
        before.Head(PayloadField, payloadBytes);
        ratchet.Encrypt(seqNo, room.Span.Slice(MaxAddedBytes, payloadBytes));
        var start = MaxAddedBytes - before.Length;
        before.Written.CopyTo(room.Span[start..]);
        var behind = new Writer(room.Span.Slice(MaxAddedBytes + payloadBytes, headerBytes));
        behind.Bytes(HeaderField, header.Written);
        return room.Slice(start, before.Length + payloadBytes + headerBytes);
    }

    private static ReadOnlyMemory<byte>? Entry(ReadOnlyMemory<byte> bytes)
    {
        var forAll = false;
        ReadOnlyMemory<byte> value = default;
        foreach (var field in ProtobufFields.All(bytes))
        {
            if (field.Number == 1)
                forAll = field.Bytes.Span.SequenceEqual("none"u8);
            else if (field.Number == 2)
                value = field.Bytes;
        }
        // Written out: in a conditional expression null would become an empty memory.
        if (!forAll)
            return null;
        return value;
    }

    private static RatchetEnvelope ReadHeader(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> payload, CommunityId group)
    {
        var seqNo = 0UL;
        ReadOnlyMemory<byte> groupId = default;
        ReadOnlyMemory<byte> keyId = default;
        foreach (var field in ProtobufFields.All(bytes))
        {
            if (field.Number == 2)
                seqNo = field.Value;
            else if (field.Number == 3)
                groupId = field.Bytes;
            else if (field.Number == 4)
                keyId = field.Bytes;
        }
        if (!groupId.Span.SequenceEqual(group.ToKey()))
            throw new FormatException($"It is encrypted for another group than community {group}.");
        if (keyId.Length != RatchetKeyId.HashBytes)
            throw new FormatException($"It names a key with {keyId.Length} bytes, not {RatchetKeyId.HashBytes}.");
        // With 0 the payload of status-go is in the clear: a key exchange, never an archive.
        if (seqNo is 0 or > uint.MaxValue)
            throw new FormatException($"Its seq_no is {seqNo}; they begin at 1 and have 32 bits.");
        return new RatchetEnvelope(RatchetKeyId.FromBytes(keyId.Span), (uint)seqNo, payload);
    }

    private ref struct Writer(Span<byte> to)
    {
        private readonly Span<byte> to = to;

        public int Length { get; private set; }

        public readonly ReadOnlySpan<byte> Written => to[..Length];

        public static int FieldBytes(int number, int length) => VarintBytes((uint)number << 3) + VarintBytes((uint)length) + length;

        public Span<byte> Take(int bytes)
        {
            Length += bytes;
            return to.Slice(Length - bytes, bytes);
        }

        public void Head(int number, int length)
        {
            Varint(((uint)number << 3) | 2);
            Varint((uint)length);
        }

        public void Bytes(int number, scoped ReadOnlySpan<byte> bytes)
        {
            Head(number, bytes.Length);
            bytes.CopyTo(Take(bytes.Length));
        }

        /// <summary>Left out when it is 0, as protobuf does.</summary>
        public void Number(int number, uint value)
        {
            if (value == 0)
                return;
            Varint((uint)number << 3);
            Varint(value);
        }

        private void Varint(uint value)
        {
            for (; value >= 0x80; value >>= 7)
                Take(1)[0] = (byte)(value | 0x80);
            Take(1)[0] = (byte)value;
        }

        private static int VarintBytes(uint value) => (BitOperations.Log2(value | 1) / 7) + 1;
    }
}
