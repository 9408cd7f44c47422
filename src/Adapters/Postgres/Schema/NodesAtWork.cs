using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Nodes that use the database now. What a migration or a rebuild changes, they would change beside it.</summary>
internal static class NodesAtWork
{
    /// <summary>How long sessions of nodes that were just stopped may take to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="what">What cannot be done beside them; the beginning of a sentence.</param>
    /// <exception cref="InvalidOperationException">A node is at work.</exception>
    public static async Task Refuse(NpgsqlConnection connection, string what, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await Find(connection, cancellation) is { } node)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Grace)
                throw new InvalidOperationException(
                    $"{what} while {node} is at work. Stop all nodes, wait a minute, and run eventarchive db apply again."
                );
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    private static async Task<string?> Find(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // A transaction sees the sessions as they were at its first look.
        await connection.Run("select pg_stat_clear_snapshot()", cancellation);
        return await connection.Ask(
                """
                select coalesce(
                    (select 'node ' || name from ea_nodes where seen_at > clock_timestamp() - interval '1 minute' order by name limit 1),
                    (
                        select format('the session %s of eventarchive from %s', pid, coalesce(host(client_addr), 'this machine'))
                        from pg_stat_activity
                        where application_name = 'eventarchive' and datname = current_database() and pid <> pg_backend_pid()
                        order by pid
                        limit 1
                    )
                )
                """,
                cancellation
            ) as string;
    }
}
