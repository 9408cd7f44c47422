using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The one connection of this process that listens (PostgreSQL LISTEN). It only wakes the workers: they also look by themselves from time to time, so
/// nothing is lost while it is away.
/// </summary>
public sealed class Notifications(NpgsqlDataSource source, EffectSignals signals) : IAsyncDisposable
{
    private NpgsqlConnection? connection;

    /// <summary>True while the connection stands.</summary>
    public bool Listening { get; private set; }

    /// <summary>Begins to listen, unless it does.</summary>
    public async Task Connect(CancellationToken cancellation)
    {
        if (Listening)
            return;
        await DisposeAsync();
        connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notification) => Wake(notification.Payload);
        await using (var command = new NpgsqlCommand($"listen {CommitNotifier.WorkChannel}", connection))
            await command.ExecuteNonQueryAsync(cancellation);
        // What was notified before this moment reached nobody.
        signals.WakeAll();
        Listening = true;
    }

    /// <summary>Returns when something was notified; throws when the connection is lost.</summary>
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

    private void Wake(string payload)
    {
        if (Enum.TryParse<Effect>(payload, out var effect))
            _ = signals.Wake(effect);
        else
            signals.WakeAll();
    }
}
