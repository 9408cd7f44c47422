using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Connections as this adapter needs them, whatever the server's or the role's defaults say.</summary>
public static class PostgresDataSource
{
    /// <summary>Longest wait for the append lock or a row. Appends take milliseconds; behind this lies a stuck database.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A process that is paused or cut off inside a transaction loses it after this, and another takes its place.</summary>
    public static readonly TimeSpan IdleInTransactionTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which a connection is probed, so that a half-open one is noticed within about 30 seconds.</summary>
    public const int KeepAliveSeconds = 10;

    /// <summary>Connections of a process at most, for Marten and as many for the rest: two nodes fit into the 100 that PostgreSQL allows by default.</summary>
    public const int MaxPoolSize = 22;

    /// <summary>Statements that each connection keeps prepared: more than this adapter has.</summary>
    public const int MaxAutoPrepare = 100;

    /// <summary>Bytes that go between socket and connection at a time: pages of events and batches of appends are large.</summary>
    public const int BufferBytes = 64 * 1024;

    /// <summary>How soon the server notices that a client is gone, and gives its locks to others.</summary>
    private const int ClientCheckMilliseconds = 1000;

    /// <param name="connectionString">Npgsql's form: Host, Port, Database, Username, Password.</param>
    public static NpgsqlDataSource Create(string connectionString) => Build(Settings(connectionString));

    /// <summary>For Marten: nothing is prepared by itself, and a leader that was killed is noticed at once.</summary>
    /// <param name="forDaemon">
    /// Its commits do not wait for the disk: a crash of the server may take back the last second of a projection, its documents and its position
    /// together, and they are folded again. Events that it took from the bus's position are published again.
    /// </param>
    public static NpgsqlDataSource CreateForStore(string connectionString, bool forDaemon)
    {
        var settings = Settings(connectionString);
        settings.MaxAutoPrepare = 0;
        settings.Options += $" -c client_connection_check_interval={ClientCheckMilliseconds}";
        if (forDaemon)
            settings.Options += " -c synchronous_commit=off";
        return Build(settings);
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "eventarchive",
            SearchPath = "public",
            // Marten's functions cast naive times in the session's zone.
            Timezone = "UTC",
            KeepAlive = KeepAliveSeconds,
            IncludeErrorDetail = false,
            MaxAutoPrepare = MaxAutoPrepare,
            ReadBufferSize = BufferBytes,
            WriteBufferSize = BufferBytes,
            // No statement here leaves anything in its session.
            NoResetOnClose = true,
            Options = string.Join(
                ' ',
                "-c jit=off",
                "-c default_transaction_isolation=read\\ committed",
                $"-c lock_timeout={(long)LockTimeout.TotalMilliseconds}",
                $"-c idle_in_transaction_session_timeout={(long)IdleInTransactionTimeout.TotalMilliseconds}",
                $"-c tcp_keepalives_idle={KeepAliveSeconds}",
                $"-c tcp_keepalives_interval={KeepAliveSeconds}",
                "-c tcp_keepalives_count=2"
            ),
        };
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, MaxPoolSize);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return settings;
    }
}
