namespace EventArchive.Postgres;

/// <summary>
/// What <see cref="CopyReader"/> reads into. One reader after the other takes the same, since a cut reads window by window; nobody keeps it from the
/// collector meanwhile.
/// </summary>
internal sealed class CopyBuffer
{
    /// <summary>A longer row makes the buffer as long as the longest row may be, once: one that grew would be in memory twice.</summary>
    internal const int ShortBytes = 256 * 1024;

    private static WeakReference<CopyBuffer>? spare;

    private CopyBuffer() { }

    public byte[] Bytes { get; private set; } = GC.AllocateUninitializedArray<byte>(ShortBytes);

    public static CopyBuffer Take() =>
        Interlocked.Exchange(ref spare, null) is { } last && last.TryGetTarget(out var buffer) ? buffer : new CopyBuffer();

    /// <summary>Nobody may look at the bytes after this.</summary>
    public void GiveBack() => spare = new WeakReference<CopyBuffer>(this);

    /// <summary>Room for so many bytes; what was never touched of it takes no memory.</summary>
    public void MakeLong(int bytes)
    {
        if (Bytes.Length >= bytes)
            return;
        var longer = GC.AllocateUninitializedArray<byte>(bytes);
        Bytes.CopyTo(longer, 0);
        Bytes = longer;
    }
}
