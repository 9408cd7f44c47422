using EventArchive.Handlers;
using EventArchive.Model;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>Records messages in one transaction: the community's lock, then the messages in chunks, each hash once.</summary>
internal sealed class RecordCall
{
    /// <summary>Messages, and bytes, of one statement: its arrays are built in memory on both sides.</summary>
    private const int MaxChunkMessages = 2000;
    private const long MaxChunkBytes = 8 * 1024 * 1024;

    /// <summary>On the network a hash has 32 bytes; imports may bring others. An index entry holds some 2,700 bytes at most.</summary>
    private const int MaxHashBytes = 256;

    private const int ChunkTimeoutSeconds = 120;

    private readonly CommunityId community;
    private readonly IReadOnlyList<ArchivedMessage> messages;

    /// <exception cref="ArgumentException">A message cannot be stored.</exception>
    public RecordCall(CommunityId community, IReadOnlyList<ArchivedMessage> messages)
    {
        this.community = community;
        this.messages = messages;
        foreach (var message in messages)
        {
            if (message.Hash.Length is 0 or > MaxHashBytes)
                throw new ArgumentException(
                    $"A message's hash has 1 to {MaxHashBytes} bytes, not {message.Hash.Length}: by its hash it is stored once."
                );
            if (message.Timestamp > long.MaxValue)
                throw new ArgumentException(
                    $"Message {Hex.Encode(message.Hash)} has the timestamp {message.Timestamp}: that is no time in Unix seconds."
                );
            _ = StorableText.Check(message.ThirdPartyId);
        }
    }

    public async Task<long> Execute(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (
            var lockCommunity = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('ea_messages ' || $1, 0))", connection)
        )
        {
            lockCommunity.Parameters.Add(new() { Value = community.ToString() });
            await lockCommunity.ExecuteNonQueryAsync(cancellation);
        }
        long recorded = 0;
        foreach (var chunk in Chunks())
        {
            await using var insert = Insert(chunk, connection);
            recorded += await insert.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return recorded;
    }

    private IEnumerable<List<ArchivedMessage>> Chunks()
    {
        List<ArchivedMessage> chunk = [];
        long bytes = 0;
        foreach (var message in messages)
        {
            chunk.Add(message);
            bytes += message.Payload.LongLength + message.Padding.LongLength + message.Sig.LongLength;
            if (chunk.Count < MaxChunkMessages && bytes < MaxChunkBytes)
                continue;
            yield return chunk;
            chunk = [];
            bytes = 0;
        }
        if (chunk.Count > 0)
            yield return chunk;
    }

    private NpgsqlCommand Insert(List<ArchivedMessage> chunk, NpgsqlConnection connection) =>
        new(
            """
            insert into ea_messages (community, number, content_topic, timestamp, hash, sig, payload, padding, third_party_id)
            select $1, known.highest + row_number() over (order by m.place),
                m.content_topic, m.timestamp, m.hash, m.sig, m.payload, m.padding, m.third_party_id
            from (
                select distinct on (hash) *
                from unnest($2, $3, $4, $5, $6, $7, $8)
                    with ordinality a (content_topic, timestamp, hash, sig, payload, padding, third_party_id, place)
                order by hash, place
            ) m
            cross join (select coalesce(max(number), 0) as highest from ea_messages where community = $1) known
            where not exists (select from ea_messages r where r.community = $1 and r.hash = m.hash)
            """,
            connection
        )
        {
            CommandTimeout = ChunkTimeoutSeconds,
            Parameters =
            {
                new() { Value = community.ToString() },
                Bytes(chunk, message => message.Topic.ToBytes()),
                new() { Value = chunk.Select(message => (long)message.Timestamp).ToArray() },
                Bytes(chunk, message => message.Hash),
                Bytes(chunk, message => message.Sig),
                Bytes(chunk, message => message.Payload),
                Bytes(chunk, message => message.Padding),
                new() { Value = chunk.Select(message => message.ThirdPartyId).ToArray() },
            },
        };

    private static NpgsqlParameter Bytes(List<ArchivedMessage> chunk, Func<ArchivedMessage, byte[]> field) =>
        new() { Value = chunk.Select(field).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
