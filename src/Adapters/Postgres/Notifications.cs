using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The one connection of this process that listens (PostgreSQL LISTEN). It only wakes: whoever waits also looks by itself from time to
/// time, so nothing is lost while it is away.
/// </summary>
public sealed partial class Notifications(NpgsqlDataSource source, TimeProvider time, ILogger<Notifications> log) : BackgroundService
{
    internal const string WorkChannel = "ea_work";

    internal Signal Work { get; } = new(time);

    /// <summary>True while the connection stands.</summary>
    public bool Listening { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            try
            {
                await Listen(() => failures = 0, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever it was, only the waking hangs on this connection, and polling stands in for it meanwhile.
                LogLost(fault, fault.Message);
            }
            finally
            {
                Listening = false;
            }
            await RestartDelay.Wait(failures, time, stoppingToken);
        }
    }

    private async Task Listen(Action connected, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, _) => Work.Raise();
        await using (var command = new NpgsqlCommand($"listen {WorkChannel}", connection))
            await command.ExecuteNonQueryAsync(cancellation);
        connected();
        // Whatever was told before this moment was told to nobody.
        Work.Raise();
        Listening = true;
        while (true)
            await connection.WaitAsync(cancellation);
    }

    [LoggerMessage(
        EventId = 2001,
        Level = LogLevel.Warning,
        Message = "The listening connection is lost ({Reason}); polling until it is back."
    )]
    private partial void LogLost(Exception fault, string reason);
}
