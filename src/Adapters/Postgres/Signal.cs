namespace EventArchive.Postgres;

/// <summary>Counts what happened, so that a reader who looked before can tell whether it missed anything.</summary>
internal sealed class Signal(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource raised = Create();
    private long count;

    public long Count
    {
        get
        {
            lock (gate)
                return count;
        }
    }

    public void Raise()
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            count++;
            waiting = raised;
            raised = Create();
        }
        waiting.SetResult();
    }

    /// <summary>Returns at once when it was raised after <paramref name="seen"/>, else when it is, at the latest after <paramref name="max"/>.</summary>
    public async Task Wait(long seen, TimeSpan max, CancellationToken cancellation)
    {
        Task next;
        lock (gate)
        {
            if (count > seen)
                return;
            next = raised.Task;
        }
        try
        {
            await next.WaitAsync(max, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing came: the caller looks for itself.
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
