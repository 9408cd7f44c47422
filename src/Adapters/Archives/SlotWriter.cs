using System.Buffers;
using EventArchive.Archives.Wire;
using EventArchive.Model;
using Google.Protobuf;

namespace EventArchive.Archives;

/// <summary>Turns the whole raw bytes of a slot or an index, where they are, into those that are written: the encryption of a community that has one.</summary>
/// <param name="room">The bytes, with <see cref="RatchetEnvelope.MaxAddedBytes"/> of room before and behind them.</param>
internal delegate ValueTask<ReadOnlyMemory<byte>> Seal(Memory<byte> room, CancellationToken cancellation);

/// <summary>The way back.</summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> Unseal(ReadOnlyMemory<byte> sealedBytes, CancellationToken cancellation);

/// <summary>
/// One archive after another, message by message, into <c>data</c>. A slot that is not finished leaves nothing behind unless it has messages. What
/// is sealed is collected first, since a seal covers the whole.
/// </summary>
internal sealed class SlotWriter(DataWriter data, Seal? seal = null) : IDisposable
{
    private IMemoryOwner<byte>? memory;
    private bool sealing;
    private int collected;
    private byte[] head = [];
    private byte[] overflow = [];
    private long rawBytes;
    private long messageBytes;

    public int Messages { get; private set; }

    /// <param name="isSealed">This slot is.</param>
    public void Begin(WakuMessageArchiveMetadata metadata, bool isSealed = false)
    {
        // The protobuf bytes of a message are those of its fields one after the other, so that messages can follow one by one.
        head = new WakuMessageArchive { Metadata = metadata }.ToByteArray();
        (rawBytes, messageBytes, Messages) = (head.Length, 0, 0);
        (sealing, collected) = (isSealed, 0);
    }

    /// <param name="topic">The bytes of the message's topic.</param>
    /// <returns>False: the archive is full, the message belongs into the next one.</returns>
    public ValueTask<bool> TryAdd(ArchivedMessage message, byte[] topic, CancellationToken cancellation)
    {
        var bytes = (int)WakuMessageEncoder.SizeOf(message);
        var counted = MessageRules.MessageBytes(message);
        var full =
            messageBytes + counted > ArchiveFormat.MaxArchiveMessageBytes
            || Messages == ArchiveFormat.MaxArchiveMessages
            || ArchiveFormat.SlotBytes(rawBytes + MaxFrameBytes(bytes) + (sealing ? RatchetEnvelope.MaxAddedBytes : 0))
                > ArchiveFormat.MaxSlotBytes;
        if (full)
            return new(false);
        var frame = WakuMessageEncoder.HeadBytes((uint)bytes) + bytes;
        var first = Messages == 0;
        rawBytes += frame;
        messageBytes += counted;
        Messages++;
        if (first || sealing || frame > data.Free.Length)
            return AddInParts(message, topic, bytes, frame, first, cancellation);
        WriteFrame(message, topic, bytes, data.Free);
        data.Advance(frame);
        return new(true);
    }

    /// <summary>Ends the slot that <see cref="Begin"/> began.</summary>
    /// <returns>Its length, and how much of that is padding.</returns>
    public async ValueTask<(long Size, long Padding)> Finish(CancellationToken cancellation)
    {
        if (Messages == 0)
            await Write(head, cancellation);
        if (sealing)
        {
            var closed = await seal!(memory!.Memory[..(collected + (2 * RatchetEnvelope.MaxAddedBytes))], cancellation);
            await data.Write(closed, cancellation);
            rawBytes = closed.Length;
        }
        var size = await data.EndSlot(rawBytes, cancellation);
        return (size, size - rawBytes);
    }

    public void Dispose() => memory?.Dispose();

    /// <summary>A message that no archive can hold, however empty.</summary>
    public static bool IsTooLong(ArchivedMessage message) => WakuMessageEncoder.SizeOf(message) > ArchiveFormat.MaxSlotBytes / 2;

    private async ValueTask<bool> AddInParts(
        ArchivedMessage message,
        byte[] topic,
        int bytes,
        int frame,
        bool first,
        CancellationToken cancellation
    )
    {
        if (first)
            await Write(head, cancellation);
        // The payload is written from where it is: it may have megabytes.
        var around = frame - message.Payload.Length;
        if (overflow.Length < around)
            overflow = new byte[around];
        var before = WriteFrameHead(bytes, overflow);
        before += WakuMessageEncoder.WriteBeforePayload(message, topic, overflow.AsSpan(before));
        await Write(overflow.AsMemory(0, before), cancellation);
        await Write(message.Payload, cancellation);
        var behind = WakuMessageEncoder.WriteBehindPayload(message, overflow);
        await Write(overflow.AsMemory(0, behind), cancellation);
        return true;
    }

    private ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!sealing)
            return data.Write(bytes, cancellation);
        memory ??= new SlotMemory((int)ArchiveFormat.MaxSlotBytes + (2 * RatchetEnvelope.MaxAddedBytes));
        bytes.Span.CopyTo(memory.Memory.Span[(RatchetEnvelope.MaxAddedBytes + collected)..]);
        collected += bytes.Length;
        return default;
    }

    private static void WriteFrame(ArchivedMessage message, byte[] topic, int bytes, Span<byte> to)
    {
        var next = WriteFrameHead(bytes, to);
        WakuMessageEncoder.Write(message, topic, to[next..]);
    }

    private static int WriteFrameHead(int bytes, Span<byte> to) =>
        WakuMessageEncoder.WriteHead(WakuMessageArchive.MessagesFieldNumber, (uint)bytes, to);

    // A tag and at most five bytes of length, whatever this one takes: where a slot ends must never change.
    private static long MaxFrameBytes(int bytes) => bytes + 6L;
}
