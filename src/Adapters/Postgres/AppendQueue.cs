using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Collects the appends that arrive while others are on their way, and sends them in one round trip and one transaction. When many events
/// wait, a second batch goes out before the first is answered: the database reads its JSON while it commits the first.
/// </summary>
internal sealed class AppendQueue(NpgsqlDataSource source, StreamHeads heads, InboxQuestion inbox)
{
    public const int Lanes = 2;

    /// <summary>Events that must wait before a second lane pays: fewer are better sent together, with one flush.</summary>
    public const int SecondLaneEvents = 200;

    /// <summary>What one batch holds at most; a single larger append travels alone. The lock is held for some 20 µs an event.</summary>
    public const int MaxBatchEvents = 2000;
    public const int MaxBatchAppends = 256;
    public const long MaxBatchBytes = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly LinkedList<AppendCall> waiting = new();
    private readonly Stack<AppendLane> parked = [];
    private int lanes;
    private int waitingEvents;

    public Task<AppendResult> Send(AppendCall call)
    {
        AppendLane? lane;
        lock (gate)
        {
            waiting.AddLast(call);
            waitingEvents += call.Ids.Length;
            if (lanes == Lanes || (lanes > 0 && waitingEvents < SecondLaneEvents))
                return call.Answer;
            lanes++;
            _ = parked.TryPop(out lane);
        }
        // On the caller's thread until it first waits for the database: no other has to wake up for it.
        _ = Drain(lane ?? new AppendLane(source));
        return call.Answer;
    }

    /// <summary>Sends batch after batch until nothing waits.</summary>
    private async Task Drain(AppendLane lane)
    {
        AppendCall? last = null;
        while (Next() is { } calls)
        {
            last?.ReleaseElsewhere();
            last = null;
            try
            {
                await Send(lane, calls);
            }
            catch (Exception fault)
            {
                // Whatever it was, the lane goes on: appends that nobody sends would wait for ever.
                foreach (var call in calls)
                    call.Fail(fault);
            }
            if (calls.Count == 1)
            {
                last = calls[0];
                continue;
            }
            foreach (var call in calls)
                call.ReleaseElsewhere();
            // Those just answered often come back at once: behind them in the queue, the next batch is theirs and not that of the first.
            await Task.Yield();
        }
        try
        {
            await lane.Close();
            lock (gate)
                parked.Push(lane);
        }
        finally
        {
            // The last act of this thread here, so that whoever waited may go on with it: a writer alone needs no second one.
            last?.Release();
        }
    }

    private async Task Send(AppendLane lane, List<AppendCall> calls)
    {
        var sent = false;
        try
        {
            await lane.Open();
            sent = true;
            await lane.Execute(calls, heads, inbox);
        }
        catch (PostgresException fault) when (calls.Count > 1 && !DatabaseFault.Is(fault))
        {
            // One of them is at fault: alone, it fails alone.
            foreach (var call in calls)
                await Send(lane, [call]);
        }
        catch (NpgsqlException lost) when (sent && LeavesOutcomeUnknown(lost))
        {
            await lane.Close();
            heads.Forget();
            await inbox.Settle(calls, lost);
        }
        catch (Exception fault)
        {
            // Nothing was stored, and whoever waits hears why.
            foreach (var call in calls)
                call.Fail(fault);
        }
    }

    /// <summary>An answer of the server says what happened; a lost connection, or one the server ended, does not.</summary>
    private static bool LeavesOutcomeUnknown(NpgsqlException fault) =>
        fault is not PostgresException answer || answer.SqlState.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>The appends of the next batch in the order of their arrival; null, and the lane is over, when none waits.</summary>
    private List<AppendCall>? Next()
    {
        List<AppendCall> batch = [];
        HashSet<string> streams = new(StringComparer.Ordinal);
        HashSet<Guid> messages = [];
        long bytes = 0;
        var events = 0;
        lock (gate)
        {
            // What is little is left to the other lane, which comes here when it is answered.
            var node = lanes == 1 || waitingEvents >= SecondLaneEvents ? waiting.First : null;
            while (node is not null && batch.Count < MaxBatchAppends)
            {
                var (call, next) = (node.Value, node.Next);
                if (call.Cancellation.IsCancellationRequested)
                {
                    call.Fail(new OperationCanceledException(call.Cancellation));
                    call.ReleaseElsewhere();
                    Remove(node);
                }
                else if (batch.Count > 0 && (events + call.Ids.Length > MaxBatchEvents || bytes + call.Bytes > MaxBatchBytes))
                {
                    break;
                }
                // The second of a stream, or of a message, can only be answered after the first: it waits for the next batch.
                else if (messages.Add(call.Append.MessageId) && (call.Append.StreamId.Length == 0 || streams.Add(call.Append.StreamId)))
                {
                    batch.Add(call);
                    bytes += call.Bytes;
                    events += call.Ids.Length;
                    Remove(node);
                }
                node = next;
            }
            if (batch.Count > 0)
                return batch;
            lanes--;
            return null;
        }
    }

    private void Remove(LinkedListNode<AppendCall> node)
    {
        waiting.Remove(node);
        waitingEvents -= node.Value.Ids.Length;
    }
}
