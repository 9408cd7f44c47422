using System.Numerics;
using System.Text;
using EventArchive.Archives.Wire;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// The protobuf bytes of a WakuMessage straight from the message, without an object for each: byte for byte those of the generated class, in
/// ascending field order, empty fields left out.
/// </summary>
internal static class WakuMessageEncoder
{
    private const int LengthDelimited = 2;

    // Every field number is below 16: a tag is one byte.
    private const int TagBytes = 1;

    public static long SizeOf(ArchivedMessage message) =>
        FieldBytes(message.Sig.Length)
        + (message.Timestamp == 0 ? 0 : TagBytes + VarintBytes(message.Timestamp))
        + FieldBytes(ContentTopic.TopicBytes)
        + FieldBytes(message.Payload.Length)
        + FieldBytes(message.Padding.Length)
        + FieldBytes(message.Hash.Length)
        + (message.ThirdPartyId.Length == 0 ? 0 : FieldBytes(Encoding.UTF8.GetByteCount(message.ThirdPartyId)));

    /// <param name="topic">The bytes of the message's topic.</param>
    /// <param name="to">At least <see cref="SizeOf"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(ArchivedMessage message, ReadOnlySpan<byte> topic, Span<byte> to)
    {
        var next = WriteBeforePayload(message, topic, to);
        message.Payload.Span.CopyTo(to[next..]);
        next += message.Payload.Length;
        return next + WriteBehindPayload(message, to[next..]);
    }

    /// <summary>All in front of the payload's own bytes.</summary>
    public static int WriteBeforePayload(ArchivedMessage message, ReadOnlySpan<byte> topic, Span<byte> to)
    {
        var next = WriteField(WakuMessage.SigFieldNumber, message.Sig.Span, to);
        if (message.Timestamp != 0)
        {
            to[next++] = WakuMessage.TimestampFieldNumber << 3;
            next += WriteVarint(message.Timestamp, to[next..]);
        }
        next += WriteField(WakuMessage.TopicFieldNumber, topic, to[next..]);
        return message.Payload.Length == 0
            ? next
            : next + WriteHead(WakuMessage.PayloadFieldNumber, (uint)message.Payload.Length, to[next..]);
    }

    /// <summary>All behind the payload's own bytes.</summary>
    public static int WriteBehindPayload(ArchivedMessage message, Span<byte> to)
    {
        var next = WriteField(WakuMessage.PaddingFieldNumber, message.Padding.Span, to);
        next += WriteField(WakuMessage.HashFieldNumber, message.Hash, to[next..]);
        if (message.ThirdPartyId.Length > 0)
        {
            to[next++] = (WakuMessage.ThirdPartyIdFieldNumber << 3) | LengthDelimited;
            next += WriteVarint((uint)Encoding.UTF8.GetByteCount(message.ThirdPartyId), to[next..]);
            next += Encoding.UTF8.GetBytes(message.ThirdPartyId, to[next..]);
        }
        return next;
    }

    /// <summary>Tag and length in front of an embedded message or a text.</summary>
    public static int WriteHead(int fieldNumber, uint length, Span<byte> to)
    {
        to[0] = (byte)((fieldNumber << 3) | LengthDelimited);
        return TagBytes + WriteVarint(length, to[TagBytes..]);
    }

    public static int HeadBytes(uint length) => TagBytes + VarintBytes(length);

    private static int WriteField(int number, ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        if (bytes.IsEmpty)
            return 0;
        var head = WriteHead(number, (uint)bytes.Length, to);
        bytes.CopyTo(to[head..]);
        return head + bytes.Length;
    }

    private static long FieldBytes(int length) => length == 0 ? 0 : HeadBytes((uint)length) + (long)length;

    private static int VarintBytes(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    private static int WriteVarint(ulong value, Span<byte> to)
    {
        var next = 0;
        for (; value >= 0x80; value >>= 7)
            to[next++] = (byte)(value | 0x80);
        to[next++] = (byte)value;
        return next;
    }
}
