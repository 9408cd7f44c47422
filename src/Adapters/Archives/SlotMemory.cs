using System.Buffers;
using System.Runtime.InteropServices;

namespace EventArchive.Archives;

/// <summary>
/// Memory for one slot that is held whole, however long it becomes: its addresses are taken at once, and pages only as they are written. An array that
/// grows would be in memory twice, and twice again until it is collected.
/// </summary>
internal sealed unsafe partial class SlotMemory : MemoryManager<byte>
{
    private const int ReadAndWrite = 3;
    private const int PrivateWithoutFile = 0x22;
    private const int NotReserved = 0x4000;

    private readonly int length;
    private nint address;

    /// <exception cref="InvalidOperationException">The system gives no such addresses.</exception>
    public SlotMemory(int length)
    {
        this.length = length;
        address = Map(0, (nuint)length, ReadAndWrite, PrivateWithoutFile | NotReserved, -1, 0);
        if (address == -1)
            throw new InvalidOperationException(
                $"The system gives no {length} bytes of addresses: {Marshal.GetLastPInvokeErrorMessage()}. See ulimit -v and vm.overcommit_memory."
            );
    }

    public override Span<byte> GetSpan() =>
        address == 0 ? throw new ObjectDisposedException(nameof(SlotMemory)) : new((void*)address, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)address + elementIndex);

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        if (address != 0)
            _ = Unmap(address, (nuint)length);
        address = 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint at, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(nint address, nuint length);
}
