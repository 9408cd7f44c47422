namespace EventArchive.Service;

/// <summary>
/// Something that a node does again and again. No error ends it: a turn that failed is tried again with growing delay, and health and metrics read
/// how it is.
/// </summary>
/// <param name="turn">Done once; whatever it throws is a failed turn.</param>
public sealed partial class BackgroundLoop(string name, Func<CancellationToken, Task> turn, TimeProvider time, ILogger<BackgroundLoop> log)
{
    /// <summary>Health names what has failed for so long: less may be a restart of the database.</summary>
    public static readonly TimeSpan FailureLimit = TimeSpan.FromMinutes(1);

    /// <summary>Doubles with each failure in a row, up to <see cref="LongestDelay"/>, with up to a quarter of chance.</summary>
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestLongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLongestDelay = TimeSpan.FromMinutes(1);

    private volatile State state = new();

    public string Name => name;

    /// <summary>From the end of a turn to the next. Zero: the next begins at once, or when <see cref="Wait"/> ends.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>Waits for the next turn in place of the period, where something else may call for it.</summary>
    public Func<CancellationToken, Task>? Wait { get; init; }

    /// <summary>The first turn comes after this.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    /// <summary>Without a good turn for longer than this it stands still. Null: it waits for work, for as long as there is none.</summary>
    public TimeSpan? StandstillLimit { get; init; }

    /// <summary>The end of the last good turn; null: there was none yet.</summary>
    public DateTimeOffset? LastTurn => state.LastTurn;

    /// <summary>Since the last good turn, or since the start; null: it has not begun.</summary>
    public TimeSpan? SinceTurn => state.TurnedAt is { } at ? time.GetElapsedTime(at) : null;

    /// <summary>Of the last turn; null: it was good.</summary>
    public Exception? Error => state.Error;

    /// <summary>Failed turns in a row.</summary>
    public int Failures => state.Failures;

    /// <summary>A sentence for health; null: it does as it should.</summary>
    public string? Problem
    {
        get
        {
            var now = state;
            if (now.Error is { } error)
                return time.GetElapsedTime(now.FailingAt) < FailureLimit
                    ? null
                    : $"loop_failing: {name} has failed {now.Failures} times since {now.FailingSince:u}: {error.Message.TrimEnd('.')}. "
                        + $"It is tried again every {LongestDelay.TotalSeconds:0} s.";
            return SinceTurn <= (StandstillLimit ?? TimeSpan.MaxValue) || now.TurnedAt is null
                ? null
                : $"loop_standing_still: {name} has not ended a turn since {now.Since:u}, though one takes less than {StandstillLimit}. "
                    + "Restart the node, and report what its log says.";
        }
    }

    /// <summary>At the pace of the loop, but soon after a database is back, and often enough where the period is long.</summary>
    private TimeSpan LongestDelay =>
        Period < ShortestLongestDelay ? ShortestLongestDelay
        : Period > LongestLongestDelay ? LongestLongestDelay
        : Period;

    /// <summary>Returns when the service stops, and never throws.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await After.WaitAsync(stopping);
                if (state.TurnedAt is null)
                    state = state with { TurnedAt = time.GetTimestamp(), Since = time.GetUtcNow() };
                await turn(stopping);
                Succeeded();
                await (Wait?.Invoke(stopping) ?? Task.Delay(Period, time, stopping));
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // It was interrupted.
            }
            // Everything, here alone: an exception that nobody thought of must neither end the loop nor, as the host would have it, the process.
            catch (Exception error)
            {
                await Task.Delay(Failed(error), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Succeeded()
    {
        var before = state;
        var now = time.GetUtcNow();
        state = new State
        {
            TurnedAt = time.GetTimestamp(),
            LastTurn = now,
            Since = now,
        };
        if (before.Error is not null)
            LogWell(name, before.Failures);
    }

    /// <returns>The wait before the next turn.</returns>
    private TimeSpan Failed(Exception error)
    {
        var before = state;
        state = before with
        {
            Error = error,
            Failures = before.Failures + 1,
            FailingAt = before.Error is null ? time.GetTimestamp() : before.FailingAt,
            FailingSince = before.Error is null ? time.GetUtcNow() : before.FailingSince,
        };
        if (before.Error is null)
            LogFailed(error, name, LongestDelay, error.Message);
        var delay = FirstDelay * Math.Pow(2, Math.Min(before.Failures, 16));
        return (delay < LongestDelay ? delay : LongestDelay) * (1 + (Random.Shared.NextDouble() / 4));
    }

    /// <param name="TurnedAt">Timestamp of the last good turn, or of the start; so is <paramref name="Since"/>.</param>
    private sealed record State(
        long? TurnedAt = null,
        DateTimeOffset? Since = null,
        DateTimeOffset? LastTurn = null,
        Exception? Error = null,
        int Failures = 0,
        long FailingAt = 0,
        DateTimeOffset? FailingSince = null
    );

    [LoggerMessage(1281, LogLevel.Warning, "{Loop} failed; it is tried again with growing delay, at last every {Delay}: {Reason}")]
    private partial void LogFailed(Exception error, string loop, TimeSpan delay, string reason);

    [LoggerMessage(1282, LogLevel.Information, "{Loop} works again after {Failures} failures")]
    private partial void LogWell(string loop, int failures);
}
