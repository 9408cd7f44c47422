using System.Diagnostics;

namespace EventArchive.EventStore;

/// <summary>
/// Named places where a test can kill the process as power loss would: <c>EVENTARCHIVE_CRASH_AT=before:append:ArchiveCreated</c>.
/// Without the variable a point is a comparison with null.
/// </summary>
public static class CrashPoint
{
    private static readonly string? CrashAt = Environment.GetEnvironmentVariable("EVENTARCHIVE_CRASH_AT") is { Length: > 0 } point
        ? point
        : null;

    /// <param name="act">effect, append, publish, or a step of a cut.</param>
    /// <param name="name">The effect, an event of the append, the event published, or the step.</param>
    public static void Before(string act, string name) => Reach("before", act, name);

    public static void After(string act, string name) => Reach("after", act, name);

    private static void Reach(string when, string act, string name)
    {
        if (CrashAt is null || !string.Equals(CrashAt, $"{when}:{act}:{name}", StringComparison.Ordinal))
            return;
        // SIGKILL: no finalizer, no flush, no goodbye to the broker.
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
