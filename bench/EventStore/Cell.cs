using System.Diagnostics;

namespace EventArchive.Bench.EventStore;

/// <summary>Runs writers side by side for a while and counts what they did.</summary>
internal static class Cell
{
    public static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    /// <param name="write">Writer number to one unit of work.</param>
    /// <returns>Units per second.</returns>
    public static async Task<double> Rate(int writers, TimeSpan duration, Func<int, Task> write)
    {
        long done = 0;
        var counting = false;
        using var end = new CancellationTokenSource();
        var running = Enumerable.Range(0, writers).Select(writer => Task.Run(() => Work(writer), CancellationToken.None)).ToArray();
        await Task.Delay(WarmUp, CancellationToken.None);
        Volatile.Write(ref counting, true);
        var clock = Stopwatch.StartNew();
        await Task.Delay(duration, CancellationToken.None);
        Volatile.Write(ref counting, false);
        var seconds = clock.Elapsed.TotalSeconds;
        await end.CancelAsync();
        await Task.WhenAll(running);
        return done / seconds;

        async Task Work(int writer)
        {
            while (!end.IsCancellationRequested)
            {
                await write(writer);
                if (Volatile.Read(ref counting))
                    Interlocked.Increment(ref done);
            }
        }
    }
}
