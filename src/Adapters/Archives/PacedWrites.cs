using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>
/// Writes at the end of a file that never run far ahead of the disk. Left alone the kernel takes pages for as much as it is given, new ones for every byte,
/// and that costs more than all the rest of a cut.
/// </summary>
internal sealed class PacedWrites(SafeFileHandle file)
{
    /// <summary>Bytes that may not be on the disk yet: enough that nobody waits for a steady one.</summary>
    public const int AheadBytes = 32_768_000;

    private long onDisk = -1;

    /// <param name="bytes">Whole pages of memory, as all pieces are.</param>
    /// <param name="at">Where the write before ended.</param>
    /// <exception cref="IOException">The disk refused these bytes, or some written before.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long at)
    {
        if (onDisk < 0)
            onDisk = at;
        RandomAccess.Write(file, bytes, at);
        LinuxFiles.StartWriting(file, at, bytes.Length);
        var behind = at + bytes.Length - AheadBytes - onDisk;
        if (behind <= 0)
            return;
        LinuxFiles.AwaitWritten(file, onDisk, behind);
        onDisk += behind;
    }
}
