using System.Diagnostics;

/// <summary>
/// Kills the service as power loss would: .NET runs this before the service where DOTNET_STARTUP_HOOKS names it, and <c>CRASH_AT</c> names the step,
/// as <c>before:append:ArchiveCreated</c>. The product itself knows no such switch.
/// </summary>
#pragma warning disable CA1050, MA0047, RCS1110 // .NET looks for this name, outside of any namespace.
internal static class StartupHook
#pragma warning restore CA1050, MA0047, RCS1110
{
    private const string Source = "EventArchive.Steps";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("CRASH_AT") is { Length: > 0 } step)
            DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(source => Follow(source, step)));
    }

    private static void Follow(DiagnosticListener source, string step)
    {
        if (source.Name == Source)
            source.Subscribe(new Observer<KeyValuePair<string, object?>>(reached => KillAt(reached.Key, step)));
    }

    private static void KillAt(string reached, string step)
    {
        if (reached != step)
            return;
        // SIGKILL: no finalizer, no flush, no goodbye to the broker.
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
