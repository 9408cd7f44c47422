using EventArchive.EventStore;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The one connection of this process that listens (PostgreSQL LISTEN). It only wakes: whoever waits also looks by itself from time to
/// time, so nothing is lost while it is away.
/// </summary>
public sealed class Notifications(NpgsqlDataSource source, TimeProvider time) : IAsyncDisposable
{
    private NpgsqlConnection? connection;

    internal Signal Work { get; } = new(time);

    /// <summary>True while the connection stands.</summary>
    public bool Listening { get; private set; }

    /// <summary>Begins to listen, unless it does.</summary>
    public async Task Connect(CancellationToken cancellation)
    {
        if (Listening)
            return;
        await DisposeAsync();
        connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, _) => Work.Raise();
        await using (var command = new NpgsqlCommand($"listen {CommitNotifier.WorkChannel}", connection))
            await command.ExecuteNonQueryAsync(cancellation);
        // Whatever was told before this moment was told to nobody.
        Work.Raise();
        Listening = true;
    }

    /// <summary>Returns when something was told; throws when the connection is lost.</summary>
    public async Task Wait(CancellationToken cancellation)
    {
        try
        {
            await connection!.WaitAsync(cancellation);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Listening = false;
        if (connection is not null)
            await connection.DisposeAsync();
        connection = null;
    }
}
