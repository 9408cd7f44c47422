using System.Diagnostics;

namespace EventArchive.Testing;

/// <summary>Waits for a condition by asking again, with a limit; never for a time.</summary>
public static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within the limit; the message is <paramref name="what"/> and the limit.</exception>
    public static async Task Until(string what, Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds:0.#} s.");
            await Task.Delay(Pause, cancellation);
        }
    }

    public static Task Until(string what, Func<bool> condition, TimeSpan limit, CancellationToken cancellation) =>
        Until(what, () => Task.FromResult(condition()), limit, cancellation);
}
