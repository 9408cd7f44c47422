using System.Runtime.InteropServices;

namespace EventArchive.BitTorrent;

/// <summary>Owns the native session; the last user closes it, so that no call meets a closed one.</summary>
internal sealed unsafe class SessionHandle : SafeHandle
{
    private readonly int closeMs;

    public SessionHandle(nint session, TimeSpan closeTimeout)
        : base(0, ownsHandle: true)
    {
        closeMs = (int)closeTimeout.TotalMilliseconds;
        SetHandle(session);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        var text = stackalloc byte[Native.TextBytes];
        // What takes longer than the limit ends in the background: nothing is lost by that, the files were closed by Remove or flushed.
        return Native.ea_session_close(handle, closeMs, text, Native.TextBytes) is Native.Code.Ok or Native.Code.Timeout;
    }
}
