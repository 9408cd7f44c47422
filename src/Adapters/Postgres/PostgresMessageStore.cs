using System.Runtime.CompilerServices;
using EventArchive.Handlers;
using EventArchive.Model;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// The recorded messages in <c>ea_messages</c>. Numbers of a community are taken under a lock that ends with the commit, so "up to
/// number n" never grows.
/// </summary>
public sealed class PostgresMessageStore(NpgsqlDataSource source) : IMessageStore
{
    /// <summary>A sort of a large community may take the server a while before the first row comes.</summary>
    private const int ReadTimeoutSeconds = 300;

    public async Task<long> Record(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation)
    {
        if (messages.Count == 0)
            return 0;
        return await new RecordCall(community, messages).Execute(source, cancellation);
    }

    public async Task<RecordedRange?> Range(CommunityId community, IReadOnlyList<ContentTopic> topics, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select
                (select timestamp from ea_messages where community = $1 and content_topic = any($2) order by timestamp limit 1),
                (select number from ea_messages where community = $1 and content_topic = any($2) order by number desc limit 1)
            """
        );
        command.CommandTimeout = ReadTimeoutSeconds;
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(Topics(topics));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.IsDBNull(0) ? null : new RecordedRange((ulong)reader.GetInt64(0), reader.GetInt64(1));
    }

    public async IAsyncEnumerable<ArchivedMessage> Read(
        CommunityId community,
        IReadOnlyList<ContentTopic> topics,
        ulong from,
        ulong to,
        long highestNumber,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        // Npgsql hands on rows as they arrive: whatever the reader does not take waits at the server.
        await using var command = source.CreateCommand(
            """
            select sig, timestamp, content_topic, payload, padding, hash, third_party_id
            from ea_messages
            where community = $1 and content_topic = any($2) and timestamp >= $3 and timestamp < $4 and number <= $5
            order by timestamp, number
            """
        );
        command.CommandTimeout = ReadTimeoutSeconds;
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(Topics(topics));
        command.Parameters.Add(new() { Value = (long)Math.Min(from, long.MaxValue) });
        command.Parameters.Add(new() { Value = (long)Math.Min(to, long.MaxValue) });
        command.Parameters.Add(new() { Value = highestNumber });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new ArchivedMessage(
                reader.GetFieldValue<byte[]>(0),
                (ulong)reader.GetInt64(1),
                ContentTopic.FromBytes(reader.GetFieldValue<byte[]>(2)),
                reader.GetFieldValue<byte[]>(3),
                reader.GetFieldValue<byte[]>(4),
                reader.GetFieldValue<byte[]>(5),
                reader.GetString(6)
            );
    }

    public async Task<long> Count(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select count(*) from ea_messages where community = $1");
        command.CommandTimeout = ReadTimeoutSeconds;
        command.Parameters.Add(new() { Value = community.ToString() });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static NpgsqlParameter Topics(IEnumerable<ContentTopic> topics) =>
        new() { Value = topics.Select(topic => topic.ToBytes()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
