using System.Data.Common;
using Marten.Events.Daemon.HighWater;
using Npgsql;

namespace EventArchive.EventStore;

/// <summary>
/// Wakes Marten's daemon and the effects of every node after a commit (PostgreSQL NOTIFY). Not in the same transaction: the server lets transactions
/// that notify commit only one after another, each with a flush of its own. A notification that is lost costs a polling interval.
/// </summary>
public sealed class CommitNotifier(NpgsqlDataSource source) : IAsyncDisposable
{
    public const string WorkChannel = "ea_work";

    private readonly Lock gate = new();
    private Task sending = Task.CompletedTask;
    private bool append;
    private bool work;

    /// <summary>Returns at once. Commits that come while a notification is under way share the next one.</summary>
    /// <param name="withWork">Pending work became due.</param>
    public void Committed(bool withWork)
    {
        lock (gate)
        {
            var waiting = append;
            (append, work) = (true, work || withWork);
            if (!waiting)
                sending = Send(sending);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
            last = sending;
        await last;
    }

    private async Task Send(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        bool withWork;
        lock (gate)
            (withWork, append, work) = (work, false, false);
        try
        {
            // A notification has nothing that must reach the disk.
            await using var command = source.CreateCommand(
                $"""
                select set_config('synchronous_commit', 'off', true), pg_notify('{PostgresqlListenWakeup.DefaultChannel}', ''),
                    case when $1 then pg_notify('{WorkChannel}', '') end
                """
            );
            command.Parameters.Add(new() { Value = withWork });
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is DbException or TimeoutException or IOException or ObjectDisposedException)
        {
            // Who waits looks by itself soon, and the commit stands.
        }
    }
}
