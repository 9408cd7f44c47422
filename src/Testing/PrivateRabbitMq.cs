using System.Security.Cryptography;

namespace EventArchive.Testing;

/// <summary>
/// A RabbitMQ node of our own on free ports of 127.0.0.1, with its own epmd, user and virtual hosts, without plugins, in a folder that
/// goes when this is disposed or this process ends. If the environment variable EVENTARCHIVE_RABBITMQ names a broker
/// (see <see cref="SharedRabbitMq"/>), only virtual hosts are made, in that one.
/// </summary>
public sealed class PrivateRabbitMq : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string UserName = "eventarchive";
    private const int PasswordBytes = 16;
    private const int StartTries = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    // epmd comes first and in the foreground: otherwise Erlang starts one as a daemon that outlives the broker.
    private const string Launch = """
        epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
        tries=0
        until epmd -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1; do
          tries=$((tries + 1))
          [ "$tries" -lt 200 ] || { echo "epmd does not answer on port $ERL_EPMD_PORT" >&2; exit 1; }
          sleep 0.05
        done
        exec "$0"
        """;

    private readonly Guard? guard;
    private readonly SharedRabbitMq? shared;
    private readonly RabbitMqNode? node;

    private PrivateRabbitMq(Guard? guard, RabbitMqNode? node, SharedRabbitMq? shared)
    {
        this.guard = guard;
        this.node = node;
        this.shared = shared;
    }

    public static Task<PrivateRabbitMq> Start(IReadOnlyCollection<string> virtualHosts, CancellationToken cancellation) =>
        Start(virtualHosts, new RabbitMqSettings(), cancellation);

    /// <param name="virtualHosts">The names that <see cref="Uri"/> may be asked for.</param>
    /// <param name="settings">What differs from the defaults.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<PrivateRabbitMq> Start(
        IReadOnlyCollection<string> virtualHosts,
        RabbitMqSettings settings,
        CancellationToken cancellation
    )
    {
        if (!settings.AlwaysPrivate && SharedRabbitMq.FromEnvironment() is { } broker)
        {
            await broker.Create(virtualHosts, cancellation);
            return new PrivateRabbitMq(guard: null, node: null, broker);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOwn(virtualHosts, settings, cancellation);
            }
            catch (ServerFailedException) when (attempt < StartTries)
            {
                // Somebody may have taken a port between its reservation and the broker's start: the next try takes others.
            }
        }
    }

    /// <summary>amqp://user:password@127.0.0.1:port/host for one of the virtual hosts named at the start.</summary>
    public Uri Uri(string virtualHost) =>
        shared?.Address(virtualHost)
        ?? new Uri($"amqp://{UserName}:{node!.Password}@127.0.0.1:{node.Port}/{System.Uri.EscapeDataString(virtualHost)}");

    /// <summary>The node's own folder, which goes with it; null for a shared broker.</summary>
    public string? Folder => node?.Folder.Path;

    /// <summary>The broker's process id, which is also the id of the session that it shares with its epmd; 0 while it is stopped or shared.</summary>
    public int ProcessId => guard?.ServerId ?? 0;

    /// <summary>An orderly stop: about two seconds.</summary>
    public Task Stop(CancellationToken cancellation) => Own().Stop("TERM", StopLimit, cancellation);

    /// <summary>
    /// The process ends at once, as in a crash. RabbitMQ 3.10 writes the names of new quorum queues to disk about half a second after their
    /// declaration: one that is killed sooner comes back without them, whatever it has confirmed.
    /// </summary>
    public Task Kill(CancellationToken cancellation) => Own().Stop("KILL", StopLimit, cancellation);

    /// <summary>Starts the stopped or killed node again, on the same ports and with the same data.</summary>
    public async Task StartAgain(CancellationToken cancellation)
    {
        await Own().Start(cancellation);
        await Own().Ready(() => node!.Answers(cancellation), StartLimit, cancellation);
    }

    public async Task Restart(CancellationToken cancellation)
    {
        await Stop(cancellation);
        await StartAgain(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (shared is not null)
            await shared.DisposeAsync();
        if (guard is not null)
            await guard.DisposeAsync();
    }

    private static async Task<PrivateRabbitMq> StartOwn(
        IReadOnlyCollection<string> virtualHosts,
        RabbitMqSettings settings,
        CancellationToken cancellation
    )
    {
        if (!File.Exists(Programs))
            throw new ServerFailedException("RabbitMQ is missing: run infra/install.sh rabbitmq.");
        var folder = await PrivateFolder.Create("rabbitmq", cancellation);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        var started = new RabbitMqNode(folder, FreePort.Next(), password);
        IEnumerable<string> command = ["env", .. started.Environment(), "sh", "-c", Launch, Programs];
        var keeper = Guard.Over("RabbitMQ", folder, settings.LogFile, lastSignal: "KILL", folder.AsOwner(command));
        try
        {
            await started.Write(UserName, virtualHosts, cancellation);
            var broker = new PrivateRabbitMq(keeper, started, shared: null);
            await broker.StartAgain(cancellation);
            return broker;
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    private Guard Own() =>
        guard
        ?? throw new ServerFailedException(
            $"The broker of {SharedRabbitMq.BrokerVariable} is not ours to stop: start this one with AlwaysPrivate."
        );
}
