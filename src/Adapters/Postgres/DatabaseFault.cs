using System.Net.Sockets;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Tells a database that is away or busy, where trying again helps, from data that it will never take.</summary>
internal static class DatabaseFault
{
    /// <summary>The server, the network or the connection failed, or a lock or limit was in the way.</summary>
    public static bool Is(Exception fault) =>
        fault switch
        {
            // Classes 22 and 23: data exceptions and broken constraints (PostgreSQL manual, appendix A).
            PostgresException answer => !answer.SqlState.StartsWith("22", StringComparison.Ordinal)
                && !answer.SqlState.StartsWith("23", StringComparison.Ordinal),
            NpgsqlException or SocketException or IOException or TimeoutException => true,
            _ => false,
        };
}
