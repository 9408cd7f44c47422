using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Waits for a condition, with a deadline.</summary>
public static class Eventually
{
    public static async Task Is(Func<bool> condition, string what, int seconds = 30)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"After {seconds} s it was not so that {what}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
