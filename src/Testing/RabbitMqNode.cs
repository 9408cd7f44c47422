using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EventArchive.Testing;

/// <summary>The files, the environment and the greeting of one RabbitMQ 3.10 node that keeps to its folder and to 127.0.0.1.</summary>
internal sealed record RabbitMqNode(PrivateFolder Folder, int Port, string Password)
{
    private const int SaltBytes = 4;
    private const int GreetingBytes = 4096;
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(5);

    // The cluster is named after the node, but with the machine's own name behind the @.
    private string LocalPart => $"ea-{Folder.Id}@";

    private readonly int distributionPort = FreePort.Next();
    private readonly int epmdPort = FreePort.Next();

    public IEnumerable<string> Environment() =>
        [
            $"HOME={Folder.Path}",
            $"RABBITMQ_NODENAME={LocalPart}localhost",
            $"RABBITMQ_MNESIA_BASE={Folder.Path}/mnesia",
            $"RABBITMQ_LOG_BASE={Folder.Path}",
            "RABBITMQ_LOGS=-",
            $"RABBITMQ_CONFIG_FILE={Folder.Path}/rabbitmq",
            $"RABBITMQ_ENABLED_PLUGINS_FILE={Folder.Path}/plugins",
            $"RABBITMQ_PID_FILE={Folder.Path}/pid",
            "RABBITMQ_CONF_ENV_FILE=/dev/null",
            $"RABBITMQ_DIST_PORT={distributionPort}",
            "ERL_EPMD_ADDRESS=127.0.0.1",
            $"ERL_EPMD_PORT={epmdPort}",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
            // Makes the start script become the broker, so that its process id is the broker's.
            "RUNNING_UNDER_SYSTEMD=true",
        ];

    /// <summary>Writes the configuration, and the user and virtual hosts that the node takes from it at every start.</summary>
    public async Task Write(string user, IEnumerable<string> virtualHosts, CancellationToken cancellation)
    {
        var definitions = new
        {
            users = new[]
            {
                new
                {
                    name = user,
                    password_hash = HashOf(Password),
                    hashing_algorithm = "rabbit_password_hashing_sha256",
                    tags = "administrator",
                },
            },
            vhosts = virtualHosts.Select(name => new { name }),
            permissions = virtualHosts.Select(vhost => new
            {
                user,
                vhost,
                configure = ".*",
                write = ".*",
                read = ".*",
            }),
        };
        var configuration = $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            load_definitions = {Folder.Path}/definitions.json
            log.console = true
            log.console.level = warning

            """;
        await File.WriteAllTextAsync($"{Folder.Path}/rabbitmq.conf", configuration, cancellation);
        await File.WriteAllTextAsync($"{Folder.Path}/plugins", "[].\n", cancellation);
        await File.WriteAllTextAsync($"{Folder.Path}/definitions.json", JsonSerializer.Serialize(definitions), cancellation);
    }

    /// <summary>True once the port answers with AMQP's Connection.Start; it carries the cluster's name, which is ours alone.</summary>
    /// <exception cref="ServerFailedException">Another broker answers.</exception>
    public async Task<bool> Answers(CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(GreetingLimit);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Port, limited.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(ProtocolHeader, limited.Token);
            var greeting = new byte[GreetingBytes];
            var read = await stream.ReadAsync(greeting, limited.Token);
            if (read == 0)
                return false;
            return Encoding.ASCII.GetString(greeting, 0, read).Contains(LocalPart)
                ? true
                : throw new ServerFailedException($"Port {Port} is answered by a server that we did not start.");
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    // RabbitMQ's documented form: base64 of the salt and SHA-256(salt, password).
    private static string HashOf(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] hash = SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)]);
        return Convert.ToBase64String([.. salt, .. hash]);
    }
}
