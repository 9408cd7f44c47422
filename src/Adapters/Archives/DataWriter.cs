using System.Buffers;
using EventArchive.Handlers;
using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>
/// Appends slots to <c>data</c> in chunks of whole pieces: one chunk is filled while the one before it is hashed and written on another core.
/// Memory is two chunks, whatever the slots hold.
/// </summary>
/// <param name="open">The file, opened when the first chunk is full; never for a cut without messages.</param>
/// <param name="start">Where the first slot begins: a multiple of the piece length.</param>
/// <param name="protectedBytes">Below this the bytes are announced already: they are compared, never written.</param>
/// <param name="diverged">The fault to throw when they differ; given the offset of the slot.</param>
internal sealed class DataWriter(Func<SafeFileHandle> open, long start, long protectedBytes, Func<long, Exception> diverged)
    : IAsyncDisposable
{
    /// <summary>Twenty pieces, two megabytes: a multiple of the page size, and large enough that a write costs nothing beside the copying.</summary>
    public const int ChunkBytes = 20 * ArchiveFormat.PieceBytes;

    private readonly ArrayBufferWriter<byte> pieces = new();
    private byte[] chunk = new byte[ChunkBytes];
    private byte[]? spare;
    private int filled;
    private long chunkStart = start;
    private long slotStart = start;
    private Task flushing = Task.CompletedTask;
    private SafeFileHandle? file;
    private PacedWrites? writes;

    /// <summary>End of the slots so far.</summary>
    public long End => slotStart;

    /// <summary>The SHA-1 of every piece, complete after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> Pieces => pieces.WrittenSpan;

    /// <summary>What is left of the present chunk: fill its beginning, then <see cref="Advance"/>.</summary>
    public Span<byte> Free => chunk.AsSpan(filled);

    public void Advance(int bytes) => filled += bytes;

    public async ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            if (filled == ChunkBytes)
                await Flush(cancellation);
            var part = Math.Min(bytes.Length, ChunkBytes - filled);
            bytes.Span[..part].CopyTo(Free);
            Advance(part);
            bytes = bytes[part..];
        }
    }

    /// <summary>Pads the slot that began at <see cref="End"/>.</summary>
    /// <param name="rawBytes">Its length so far.</param>
    /// <returns>Its length with the padding.</returns>
    public async ValueTask<long> EndSlot(long rawBytes, CancellationToken cancellation)
    {
        var slotBytes = ArchiveFormat.SlotBytes(rawBytes);
        for (var padding = slotBytes - rawBytes; padding > 0; )
        {
            if (filled == ChunkBytes)
                await Flush(cancellation);
            var part = (int)Math.Min(padding, ChunkBytes - filled);
            Free[..part].Clear();
            Advance(part);
            padding -= part;
        }
        RequireOneSide(slotStart, slotStart + slotBytes);
        slotStart = checked(slotStart + slotBytes);
        // What is compared and what is written never share a chunk.
        if (slotStart == protectedBytes)
            await Flush(cancellation);
        return slotBytes;
    }

    /// <summary>Writes what is left; null if there never was a slot.</summary>
    public async Task<SafeFileHandle?> Finish(CancellationToken cancellation)
    {
        await Flush(cancellation);
        await flushing;
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        // The handle is not closed under a write; the fault of a write is the cut's, which has it already or does not want it any more.
        await flushing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        file?.Dispose();
    }

    private async ValueTask Flush(CancellationToken cancellation)
    {
        await flushing;
        cancellation.ThrowIfCancellationRequested();
        if (filled == 0)
            return;
        RequireOneSide(slotStart, chunkStart + filled);
        file ??= open();
        var (full, at, length) = (chunk, chunkStart, filled);
        flushing = Task.Run(() => Process(file, full.AsSpan(0, length), at), CancellationToken.None);
        (chunk, spare) = (spare ?? new byte[ChunkBytes], full);
        (chunkStart, filled) = (chunkStart + length, 0);
    }

    private void Process(SafeFileHandle data, ReadOnlySpan<byte> bytes, long at)
    {
        if (at < protectedBytes)
            Compare(data, bytes, at);
        else
            (writes ??= new PacedWrites(data)).Write(bytes, at);
        PieceHashes.Write(bytes, pieces);
    }

    /// <summary>The same cut again: its bytes are there already, and nothing but these may be.</summary>
    private void Compare(SafeFileHandle data, ReadOnlySpan<byte> bytes, long at)
    {
        if (!bytes.SequenceEqual(Disk.Read(data, at, bytes.Length)))
            throw diverged(at);
    }

    private void RequireOneSide(long from, long to)
    {
        if (from < protectedBytes && to > protectedBytes)
            throw diverged(from);
    }
}
