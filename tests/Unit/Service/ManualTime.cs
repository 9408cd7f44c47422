using System.Threading.Channels;
using EventArchive.Tests.Unit.Domain;

namespace EventArchive.Tests.Unit.Service;

/// <summary>A clock that a test moves on. It names each wait that begins.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private readonly Channel<TimeSpan> begun = Channel.CreateUnbounded<TimeSpan>();
    private DateTimeOffset now = Sample.Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>How long the next wait that begins, or has begun and was not asked for, takes.</summary>
    public ValueTask<TimeSpan> NextWait(CancellationToken cancellation) => begun.Reader.ReadAsync(cancellation);

    public void Advance(TimeSpan span)
    {
        List<Timer> due;
        lock (gate)
        {
            now += span;
            due = timers.FindAll(timer => timer.Due <= now);
            timers.RemoveAll(due.Contains);
        }
        due.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time.now + dueTime;
                time.timers.Add(this);
            }
            return time.begun.Writer.TryWrite(dueTime);
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
