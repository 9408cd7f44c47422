namespace EventArchive.Postgres;

/// <summary>Pause before a background loop tries the database again: doubles up to a limit, and differs between processes.</summary>
internal static class RestartDelay
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    /// <summary>Everything moves again well within 30 seconds after a fault ends.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    /// <param name="failures">Failures in a row before this one.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var full = First * Math.Pow(2, Math.Min(failures, 16));
        var limited = full < Longest ? full : Longest;
        return limited * (0.5 + (chance / 2));
    }

    /// <summary>Returns early, without an exception, when the service stops.</summary>
    public static async Task Wait(int failures, TimeProvider time, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(After(failures, Random.Shared.NextDouble()), time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop that waits ends by itself.
        }
    }
}
