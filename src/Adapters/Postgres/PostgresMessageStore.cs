using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using EventArchive.Handlers;
using EventArchive.Model;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// The recorded messages in <c>ea_messages</c>, a partition for each month. Numbers of a community are taken under a lock that ends with the
/// commit, so "up to number n" never grows.
/// </summary>
/// <param name="time">Which months are within reason.</param>
public sealed class PostgresMessageStore(NpgsqlDataSource source, TimeProvider time) : IMessageStore
{
    private const string Columns = "sig, timestamp, content_topic, payload, padding, hash, third_party_id";

    private readonly MessageKeys keys = new(source);
    private readonly MessageMonths months = new(source);

    public Task<long> Record(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation) =>
        Record(community, messages, imported: false, cancellation);

    public Task<long> Import(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation) =>
        Record(community, messages, imported: true, cancellation);

    public async Task<RecordedRange?> Range(CommunityId community, IReadOnlyList<ContentTopic> topics, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select min(t.oldest_timestamp), max(t.highest_number)
            from ea_message_topics t
            join ea_message_communities c on c.key = t.community
            where c.community = $1 and t.content_topic = any($2)
            """
        );
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(
            new() { Value = topics.Select(topic => topic.ToBytes()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.IsDBNull(0) ? null : new RecordedRange((ulong)reader.GetInt64(0), reader.GetInt64(1));
    }

    public IAsyncEnumerable<ArchivedMessage> Read(
        CommunityId community,
        IReadOnlyList<ContentTopic> topics,
        ulong from,
        ulong to,
        long highestNumber,
        CancellationToken cancellation
    ) => ReadMessages(community, key => MessageSql.Window(key, topics, from, to, highestNumber), cancellation);

    public IAsyncEnumerable<ArchivedMessage> ReadLate(
        CommunityId community,
        LateMessages late,
        ulong from,
        ulong to,
        CancellationToken cancellation
    ) => ReadMessages(community, key => MessageSql.Late(key, late, from, to), cancellation);

    public async IAsyncEnumerable<ulong> ReadLateTimestamps(
        CommunityId community,
        LateMessages late,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (await keys.Find(community, cancellation) is not { } key)
            yield break;
        await using var rows = await MessageRows.Open(
            source,
            $"select timestamp from ea_messages where {MessageSql.Late(key, late, 0, late.Before)} order by timestamp",
            streams: false,
            cancellation
        );
        while (await rows.Next(cancellation))
            yield return (ulong)rows.Columns.Int64();
    }

    public async Task<long> Count(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select messages from ea_message_communities where community = $1");
        command.Parameters.Add(new() { Value = community.ToString() });
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    private async Task<long> Record(
        CommunityId community,
        IReadOnlyList<ArchivedMessage> messages,
        bool imported,
        CancellationToken cancellation
    )
    {
        if (messages.Count == 0)
            return 0;
        var call = new RecordCall(community, messages, imported, time.GetUtcNow());
        await months.Add(call.Months, cancellation);
        return await call.Execute(source, cancellation);
    }

    private async IAsyncEnumerable<ArchivedMessage> ReadMessages(
        CommunityId community,
        Func<int, string> condition,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (await keys.Find(community, cancellation) is not { } key)
            yield break;
        await using var rows = await MessageRows.Open(
            source,
            $"select {Columns} from ea_messages where {condition(key)} order by timestamp, number",
            streams: true,
            cancellation
        );
        Dictionary<int, ContentTopic> topics = [];
        while (await rows.Next(cancellation))
            yield return Message(rows.Columns, topics);
    }

    /// <summary>A topic is a text in memory: one for each that is met, not for each message.</summary>
    private static ArchivedMessage Message(CopyReader row, Dictionary<int, ContentTopic> topics)
    {
        var sig = row.Column();
        var timestamp = (ulong)row.Int64();
        var name = row.Column();
        var key = BinaryPrimitives.ReadInt32BigEndian(name.Span);
        if (!topics.TryGetValue(key, out var topic))
            topics[key] = topic = ContentTopic.FromBytes(name.Span);
        return new ArchivedMessage(
            sig,
            timestamp,
            topic,
            Payload: row.Column(),
            Padding: row.Column(),
            Hash: row.Column().ToArray(),
            ThirdPartyId: row.Text()
        )
        {
            LeftOutBytes = row.LeftOutBytes,
        };
    }
}
