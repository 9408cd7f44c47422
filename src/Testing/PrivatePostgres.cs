using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace EventArchive.Testing;

/// <summary>
/// A PostgreSQL cluster of our own on a free port of 127.0.0.1 with a password of its own, in a folder that goes when this is disposed
/// or this process ends. If the environment variable EVENTARCHIVE_POSTGRES holds an administrator's connection string, that server is
/// used instead, and only databases are made in it.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    public const string ServerVariable = "EVENTARCHIVE_POSTGRES";

    private const int StartTries = 3;
    private const int PasswordBytes = 16;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly DbConnectionStringBuilder server;
    private readonly Guard? guard;
    private readonly PrivateFolder? folder;

    private PrivatePostgres(DbConnectionStringBuilder server, Guard? guard, PrivateFolder? folder)
    {
        this.server = server;
        this.guard = guard;
        this.folder = folder;
    }

    public static Task<PrivatePostgres> Start(CancellationToken cancellation) => Start(new PostgresSettings(), cancellation);

    public static async Task<PrivatePostgres> Start(PostgresSettings settings, CancellationToken cancellation)
    {
        var given = Environment.GetEnvironmentVariable(ServerVariable);
        if (!string.IsNullOrEmpty(given) && !settings.AlwaysPrivate)
            return new PrivatePostgres(new DbConnectionStringBuilder { ConnectionString = given }, guard: null, folder: null);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOwn(settings, cancellation);
            }
            catch (ServerFailedException) when (attempt < StartTries)
            {
                // Somebody may have taken the port between its reservation and the server's start: the next try takes another one.
            }
        }
    }

    /// <summary>Npgsql's form, for the database of that name, which need not exist.</summary>
    public string ConnectionString(string database) =>
        new DbConnectionStringBuilder { ConnectionString = server.ConnectionString, ["Database"] = database }.ConnectionString;

    /// <summary>The server's own folder, which goes with it; null for a shared server.</summary>
    public string? Folder => folder?.Path;

    /// <summary>Makes an empty database with a fresh name and returns its connection string.</summary>
    public async Task<string> CreateDatabase(CancellationToken cancellation)
    {
        var name = $"test_{Guid.CreateVersion7():N}";
        var made = await Query($"CREATE DATABASE {name}", cancellation);
        return made.ExitCode == 0
            ? ConnectionString(name)
            : throw new ServerFailedException($"PostgreSQL made no database: {made.Error.Trim()}");
    }

    /// <summary>The fast stop: open transactions are rolled back, all is written out.</summary>
    public Task Stop(CancellationToken cancellation) => Own().Stop("INT", StopLimit, cancellation);

    /// <summary>The immediate stop: as a crash of the server, the next start recovers from the log.</summary>
    public Task StopImmediate(CancellationToken cancellation) => Own().Stop("QUIT", StopLimit, cancellation);

    /// <summary>Starts the stopped server again, on the same port and with the same data; a running one is stopped fast first.</summary>
    public async Task Restart(CancellationToken cancellation)
    {
        await Stop(cancellation);
        await Own().Start(cancellation);
        await Ready(cancellation);
    }

    public ValueTask DisposeAsync() => guard?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<PrivatePostgres> StartOwn(PostgresSettings settings, CancellationToken cancellation)
    {
        var programs = Programs();
        var own = await PrivateFolder.Create("postgres", cancellation);
        var port = FreePort.Next();
        var data = Path.Combine(own.Path, "data");
        var keeper = Guard.Over(
            "PostgreSQL",
            own,
            settings.LogFile,
            lastSignal: "QUIT",
            own.AsOwner([Path.Combine(programs, "postgres"), "-D", data, .. Options(settings, own, port)])
        );
        try
        {
            var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
            await Initialise(own, programs, data, password, cancellation);
            var address = new DbConnectionStringBuilder
            {
                ["Host"] = "127.0.0.1",
                ["Port"] = port,
                ["Username"] = "postgres",
                ["Password"] = password,
                ["SSL Mode"] = "Disable",
            };
            var postgres = new PrivatePostgres(address, keeper, own);
            await keeper.Start(cancellation);
            await postgres.Ready(cancellation);
            return postgres;
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<string> Options(PostgresSettings settings, PrivateFolder own, int port)
    {
        string[] common =
        [
            "listen_addresses=127.0.0.1",
            $"port={port}",
            $"unix_socket_directories={own.Path}",
            $"cluster_name={own.Id}",
            "max_connections=300",
            "timezone=UTC",
            "lc_messages=C",
        ];
        string[] fast = settings.Durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
        return common.Concat(fast).SelectMany(option => new[] { "-c", option });
    }

    private static async Task Initialise(PrivateFolder own, string programs, string data, string password, CancellationToken cancellation)
    {
        var passwordFile = Path.Combine(own.Path, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellation);
        var command = own.AsOwner(
            Path.Combine(programs, "initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            $"--pwfile={passwordFile}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions"
        );
        var start = new ProcessStartInfo(command.First(), command.Skip(1)) { WorkingDirectory = "/" };
        var made = await ExternalTool.Run(start, cancellation);
        File.Delete(passwordFile);
        if (made.ExitCode != 0)
            throw new ServerFailedException($"initdb failed: {made.Error.Trim()}");
    }

    private Task Ready(CancellationToken cancellation) =>
        Own()
            .Ready(
                async () =>
                {
                    var name = await Query("SELECT current_setting('cluster_name')", cancellation);
                    if (name.ExitCode == 0 && name.Output.Trim() != folder!.Id)
                        throw new ServerFailedException($"Port {server["Port"]} is answered by a server that we did not start.");
                    return name.ExitCode == 0;
                },
                StartLimit,
                cancellation
            );

    private Task<ExternalTool> Query(string sql, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, "postgres"])
        {
            WorkingDirectory = "/",
        };
        start.Environment["PGHOST"] = $"{server["Host"]}";
        start.Environment["PGPORT"] = $"{server["Port"]}";
        start.Environment["PGUSER"] = $"{server["Username"]}";
        start.Environment["PGPASSWORD"] = $"{server["Password"]}";
        return ExternalTool.Run(start, cancellation);
    }

    private Guard Own() =>
        guard ?? throw new ServerFailedException($"The server of {ServerVariable} is not ours to stop: start this one with AlwaysPrivate.");

    private static string Programs()
    {
        const string debian = "/usr/lib/postgresql";
        var newest = Directory.Exists(debian)
            ? Directory
                .GetDirectories(debian)
                .Select(version => Path.Combine(version, "bin"))
                .Where(Holds)
                .Order(StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering))
                .LastOrDefault()
            : null;
        return newest
            ?? Environment.GetEnvironmentVariable("PATH")?.Split(':').FirstOrDefault(Holds)
            ?? throw new ServerFailedException("PostgreSQL's server programs are missing: run infra/install.sh run.");

        static bool Holds(string folder) => File.Exists(Path.Combine(folder, "initdb"));
    }
}
