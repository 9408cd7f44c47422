using System.Diagnostics;

namespace EventArchive.EventStore;

/// <summary>
/// The steps of the main line, by name, for who listens to the diagnostic source <see cref="Source"/>; without a listener a step is one comparison.
/// The tests of crashes kill the process at a step.
/// </summary>
public static class Steps
{
    public const string Source = "EventArchive.Steps";

    private static readonly DiagnosticListener Listener = new(Source);

    /// <param name="act">effect, append, publish, or cut.</param>
    /// <param name="name">The effect, an event of the append, the event published, or the file of the cut.</param>
    public static void Before(string act, string name) => Reach("before", act, name);

    public static void After(string act, string name) => Reach("after", act, name);

    private static void Reach(string when, string act, string name)
    {
        if (Listener.IsEnabled())
            Listener.Write($"{when}:{act}:{name}", null);
    }
}
