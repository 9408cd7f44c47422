using System.Collections.Concurrent;
using System.Data.Common;
using EventArchive.Projections;
using Marten.Events.Daemon.HighWater;
using Npgsql;

namespace EventArchive.EventStore;

/// <summary>
/// Wakes, after a commit, the effects that it made due and Marten's daemon, on every node (PostgreSQL NOTIFY). Not in the same transaction: the server
/// lets transactions that notify commit only one after another, each with a flush of its own. A notification that is lost costs a polling interval.
/// </summary>
public sealed class CommitNotifier(NpgsqlDataSource source, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The payload is an effect that is due; anything else may make any of them due.</summary>
    public const string WorkChannel = "ea_work";

    /// <summary>
    /// Between two notifications to the daemon: each makes eight readers load, fold and commit, which takes as long for one event as for twenty. Effects
    /// do not wait for it.
    /// </summary>
    private static readonly TimeSpan DaemonPause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Effect, Request> work = new();
    private Request? daemon;

    /// <summary>Returns at once.</summary>
    public void Committed(IEnumerable<Effect> due)
    {
        foreach (var effect in due)
            work.GetOrAdd(effect, _ => new Request(() => Notify(WorkChannel, effect.ToString()))).Make();
        LazyInitializer.EnsureInitialized(ref daemon, () => new Request(WakeDaemon)).Make();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var request in work.Values.Append(daemon))
            await (request?.Answer ?? Task.CompletedTask);
    }

    private async Task WakeDaemon()
    {
        await Notify(PostgresqlListenWakeup.DefaultChannel, "");
        await Task.Delay(DaemonPause, time);
    }

    private async Task Notify(string channel, string payload)
    {
        try
        {
            // Nothing of it must reach the disk.
            await using var command = source.CreateCommand("select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)");
            command.Parameters.Add(new() { Value = channel });
            command.Parameters.Add(new() { Value = payload });
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is DbException or TimeoutException or IOException or ObjectDisposedException)
        {
            // The commit stands, and what waits looks by itself soon.
        }
    }

    /// <summary>Of those made while one is answered, the next answer is for all.</summary>
    private sealed class Request(Func<Task> answer)
    {
        private int made;

        public Task Answer { get; private set; } = Task.CompletedTask;

        public void Make()
        {
            if (Interlocked.Increment(ref made) == 1)
                Answer = Task.Run(AnswerAll);
        }

        private async Task AnswerAll()
        {
            int answered;
            do
            {
                answered = Volatile.Read(ref made);
                await answer();
            } while (Interlocked.Add(ref made, -answered) > 0);
        }
    }
}
