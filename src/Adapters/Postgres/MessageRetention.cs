using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Drops recorded messages by whole months. First the horizon moves, past no month in which a community that is cut here has a message that
/// no cut took; from then on nothing older is recorded. Then all that lies behind it goes. May run on several nodes, and end anywhere.
/// </summary>
public sealed class MessageRetention(NpgsqlDataSource source)
{
    /// <summary>Dropping a partition waits for whoever reads, and all readers to come wait behind it: rather try again later.</summary>
    private const string BriefWait = "set local lock_timeout = '2s'";

    /// <summary>A month of ten million hashes.</summary>
    private const int DropTimeoutSeconds = 3600;

    /// <param name="before">What is older may go, as far as its month is over.</param>
    /// <param name="takenOf">What the cuts of a community took; null: it is not cut here.</param>
    public async Task<DroppedMessages> Drop(
        DateTimeOffset before,
        Func<CommunityId, CancellationToken, Task<IReadOnlyList<TakenMessages>?>> takenOf,
        CancellationToken cancellation
    )
    {
        List<(int Key, IReadOnlyList<TakenMessages> Taken, CommunityId Id)> cutHere = [];
        foreach (var (key, community) in await ListCommunities(cancellation))
        {
            if (await takenOf(community, cancellation) is { } taken)
                cutHere.Add((key, taken, community));
        }
        var wish = MessageMonth.BeginOf(before);
        var months = (await ListMonths(cancellation)).Where(month => MessageMonth.EndOf(month) <= wish).ToList();
        CommunityId? heldBy = null;
        foreach (var end in months.Select(MessageMonth.EndOf).Append(wish).Distinct())
        {
            heldBy = await MoveHorizon(end, cutHere, cancellation);
            if (heldBy is not null)
                break;
        }
        var horizon = await ReadHorizon(cancellation);
        var dropped = await DropPartition(MessageMonth.Other, horizon, cancellation);
        foreach (var month in months.Where(month => MessageMonth.EndOf(month) <= horizon))
            dropped += await DropPartition(month, horizon, cancellation);
        return new DroppedMessages(horizon, dropped, heldBy);
    }

    /// <returns>Whose messages are in the way; null: it is there, or beyond.</returns>
    private async Task<CommunityId?> MoveHorizon(
        ulong end,
        IEnumerable<(int Key, IReadOnlyList<TakenMessages> Taken, CommunityId Id)> cutHere,
        CancellationToken cancellation
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Run(connection, BriefWait, cancellation);
        if (await MessageHorizon.Take(connection, cancellation) >= end)
            return null;
        foreach (var (key, taken, community) in cutHere)
        {
            var late = new LateMessages(Topics: null, end, long.MaxValue, taken);
            await using var find = new NpgsqlCommand(
                $"select exists (select from ea_messages where {MessageSql.Late(key, late, 0, end)})",
                connection
            );
            find.CommandTimeout = DropTimeoutSeconds;
            if ((bool)(await find.ExecuteScalarAsync(cancellation))!)
                return community;
        }
        await Run(connection, $"update ea_message_horizon set dropped_before = {end}", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    private async Task<long> DropPartition(int month, ulong horizon, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var forget = new NpgsqlCommand(
            $"""
            with gone as (
                select community, hash from ea_messages where month = {month} and timestamp < {horizon}
            ), forgotten as (
                delete from ea_message_hashes h using gone where h.community = gone.community and h.hash = gone.hash
            ), newer as (
                update ea_message_topics set oldest_timestamp = {horizon} where oldest_timestamp < {horizon}
            ), fewer as (
                update ea_message_communities c set messages = c.messages - counted.messages
                from (select community, count(*) as messages from gone group by community) counted
                where c.key = counted.community
            )
            select count(*) from gone
            """,
            connection
        );
        forget.CommandTimeout = DropTimeoutSeconds;
        var dropped = (long)(await forget.ExecuteScalarAsync(cancellation))!;
        await Run(connection, BriefWait, cancellation);
        await Run(
            connection,
            month == MessageMonth.Other
                ? $"delete from ea_messages where month = {month} and timestamp < {horizon}"
                : $"select ea_drop_message_month({month})",
            cancellation
        );
        await transaction.CommitAsync(cancellation);
        return dropped;
    }

    private async Task<List<(int Key, CommunityId Community)>> ListCommunities(CancellationToken cancellation)
    {
        List<(int, CommunityId)> communities = [];
        await using var command = source.CreateCommand("select key, community from ea_message_communities order by key");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            communities.Add((reader.GetInt32(0), CommunityId.Parse(reader.GetString(1))));
        return communities;
    }

    private async Task<List<int>> ListMonths(CancellationToken cancellation)
    {
        List<int> months = [];
        await using var command = source.CreateCommand(
            """
            select substring(c.relname from '^ea_messages_(\d{6})$')::integer
            from pg_inherits i
            join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'ea_messages'::regclass and c.relname ~ '^ea_messages_\d{6}$'
            order by 1
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            months.Add(reader.GetInt32(0));
        return months;
    }

    private async Task<ulong> ReadHorizon(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select dropped_before from ea_message_horizon");
        return (ulong)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = DropTimeoutSeconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <param name="Before">Messages older than this second are gone and are not recorded again, Unix seconds.</param>
/// <param name="Messages">How many went this time.</param>
/// <param name="HeldBy">A community with older messages that no cut has taken: they stay until one does. Null: none.</param>
public sealed record DroppedMessages(ulong Before, long Messages, CommunityId? HeldBy);
