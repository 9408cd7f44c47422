using System.Buffers;
using EventArchive.Archives.Wire;
using EventArchive.Model;
using Google.Protobuf;

namespace EventArchive.Archives;

/// <summary>Collects the messages of one archive and gives its slot: the protobuf bytes and the padding. Used again for the next archive.</summary>
internal sealed class SlotWriter
{
    // Field 3 of WakuMessageArchive, length-delimited.
    private const byte MessagesTag = (3 << 3) | 2;

    private readonly ArrayBufferWriter<byte> raw = new(ArchiveFormat.PieceBytes);
    private long messageBytes;

    public int Messages { get; private set; }

    /// <summary>Length without padding, once <see cref="Finish"/> was called.</summary>
    public long RawBytes { get; private set; }

    public void Begin(WakuMessageArchiveMetadata metadata)
    {
        raw.ResetWrittenCount();
        (messageBytes, Messages, RawBytes) = (0, 0, 0);
        // The protobuf bytes of a message are those of its fields one after the other, so that messages can follow one by one.
        new WakuMessageArchive { Metadata = metadata }.WriteTo(raw);
    }

    /// <summary>False: the archive is full, the message belongs into the next one.</summary>
    public bool TryAdd(ArchivedMessage message, WakuMessage wire)
    {
        var bytes = wire.CalculateSize();
        var full =
            messageBytes + MessageRules.MessageBytes(message) > ArchiveFormat.MaxArchiveMessageBytes
            || Messages == ArchiveFormat.MaxArchiveMessages
            || ArchiveFormat.SlotBytes(raw.WrittenCount + FrameBytes(bytes)) > ArchiveFormat.MaxSlotBytes;
        if (full)
            return false;
        var frame = raw.GetSpan(FrameBytes(bytes));
        frame[0] = MessagesTag;
        var next = 1;
        for (var rest = (uint)bytes; ; rest >>= 7)
        {
            frame[next++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
                break;
        }
        wire.WriteTo(frame.Slice(next, bytes));
        raw.Advance(next + bytes);
        messageBytes += MessageRules.MessageBytes(message);
        Messages++;
        return true;
    }

    /// <summary>The whole slot; valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        RawBytes = raw.WrittenCount;
        var padding = checked((int)(ArchiveFormat.SlotBytes(RawBytes) - RawBytes));
        raw.GetSpan(padding + 1)[..padding].Clear();
        raw.Advance(padding);
        return raw.WrittenMemory;
    }

    public static WakuMessage ToWire(ArchivedMessage message) =>
        new()
        {
            Sig = UnsafeByteOperations.UnsafeWrap(message.Sig),
            Timestamp = message.Timestamp,
            Topic = UnsafeByteOperations.UnsafeWrap(message.Topic.ToBytes()),
            Payload = UnsafeByteOperations.UnsafeWrap(message.Payload),
            Padding = UnsafeByteOperations.UnsafeWrap(message.Padding),
            Hash = UnsafeByteOperations.UnsafeWrap(message.Hash),
            ThirdPartyId = message.ThirdPartyId,
        };

    /// <summary>A message that no archive can hold, however empty.</summary>
    public static bool IsTooLong(WakuMessage wire) => wire.CalculateSize() > ArchiveFormat.MaxSlotBytes / 2;

    // At most five bytes of length.
    private static int FrameBytes(int bytes) => checked(bytes + 6);
}
