using System.Text;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// Records messages in one transaction: the community's lock, then in chunks the hashes, which tell the repeats, and by COPY the messages whose
/// hash is new. Messages stream to the server: no second copy of them is in memory.
/// </summary>
internal sealed class RecordCall
{
    /// <summary>Messages, and bytes, between two looks at the hashes: what is in flight when a chunk fails or is cancelled.</summary>
    private const int MaxChunkMessages = 10_000;
    private const long MaxChunkBytes = 64 * 1024 * 1024;

    /// <summary>More than twice what any archive can hold, so that what is too large is set aside by name; and what a reader must have memory for.</summary>
    internal const int MaxMessageBytes = 64 * 1024 * 1024;

    /// <summary>On the network a hash has 32 bytes; imports may bring others. An index entry holds some 2,700 bytes at most.</summary>
    private const int MaxHashBytes = 256;

    private const int ChunkTimeoutSeconds = 120;

    private readonly CommunityId community;
    private readonly IReadOnlyList<ArchivedMessage> messages;
    private readonly bool imported;
    private readonly DateTimeOffset now;
    private readonly Dictionary<ContentTopic, (ulong Oldest, long Highest)> topics = [];
    private int key;
    private long highest;

    /// <exception cref="ArgumentException">A message cannot be stored.</exception>
    public RecordCall(CommunityId community, IReadOnlyList<ArchivedMessage> messages, bool imported, DateTimeOffset now)
    {
        (this.community, this.messages, this.imported, this.now) = (community, messages, imported, now);
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
            if (BytesOf(message) > MaxMessageBytes)
                throw new ArgumentException(
                    $"Message {Hex.Encode(message.Hash)} has {BytesOf(message)} bytes: at most {MaxMessageBytes} are stored."
                );
            _ = StorableText.Check(message.ThirdPartyId);
        }
    }

    /// <summary>The partitions that must be there.</summary>
    public IEnumerable<int> Months => messages.Select(message => MessageMonth.Of(message.Timestamp, now)).Distinct();

    public async Task<long> Execute(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var horizon = await MessageHorizon.Keep(connection, cancellation);
        await Lock(connection, cancellation);
        var before = highest;
        foreach (var chunk in Chunks(messages.Where(message => message.Timestamp >= horizon)))
            await Copy(await TakeHashes(chunk, connection, cancellation), connection, cancellation);
        if (highest > before)
            await Count(highest - before, connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return highest - before;
    }

    private async Task Lock(NpgsqlConnection connection, CancellationToken cancellation)
    {
        while (true)
        {
            await using var find = new NpgsqlCommand(
                "select key, highest_number from ea_message_communities where community = $1 for no key update",
                connection
            );
            find.Parameters.Add(new() { Value = community.ToString() });
            await using (var reader = await find.ExecuteReaderAsync(cancellation))
            {
                if (await reader.ReadAsync(cancellation))
                {
                    (key, highest) = (reader.GetInt32(0), reader.GetInt64(1));
                    return;
                }
            }
            await using var insert = new NpgsqlCommand(
                "insert into ea_message_communities (community) values ($1) on conflict do nothing",
                connection
            );
            insert.Parameters.Add(new() { Value = community.ToString() });
            await insert.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static IEnumerable<List<ArchivedMessage>> Chunks(IEnumerable<ArchivedMessage> messages)
    {
        List<ArchivedMessage> chunk = [];
        HashSet<byte[]> hashes = new(ByteStrings.Equality);
        long bytes = 0;
        foreach (var message in messages)
        {
            if (!hashes.Add(message.Hash))
                continue;
            chunk.Add(message);
            bytes += BytesOf(message);
            if (chunk.Count < MaxChunkMessages && bytes < MaxChunkBytes)
                continue;
            yield return chunk;
            chunk = [];
            hashes.Clear();
            bytes = 0;
        }
        if (chunk.Count > 0)
            yield return chunk;
    }

    /// <returns>The messages whose hash is new, in their order.</returns>
    private async Task<IEnumerable<ArchivedMessage>> TakeHashes(
        List<ArchivedMessage> chunk,
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var insert = new NpgsqlCommand(
            "insert into ea_message_hashes (community, hash) select $1, unnest($2) on conflict do nothing returning hash",
            connection
        )
        {
            CommandTimeout = ChunkTimeoutSeconds,
        };
        insert.Parameters.Add(new() { Value = key });
        insert.Parameters.Add(
            new() { Value = chunk.Select(message => message.Hash).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
        );
        HashSet<byte[]> taken = new(chunk.Count, ByteStrings.Equality);
        await using var reader = await insert.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            taken.Add(reader.GetFieldValue<byte[]>(0));
        return taken.Count == chunk.Count ? chunk : chunk.Where(message => taken.Contains(message.Hash));
    }

    private async Task Copy(IEnumerable<ArchivedMessage> news, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(
            """
            copy ea_messages (timestamp, number, community, month, imported, content_topic, hash, sig, payload, padding, third_party_id)
            from stdin (format binary)
            """,
            cancellation
        );
        try
        {
            stream.WriteTimeout = ChunkTimeoutSeconds * 1000;
            var rows = new CopyWriter(stream);
            rows.Begin();
            foreach (var message in news)
            {
                Write(message, ++highest, rows);
                await rows.SendFull(cancellation);
            }
            await rows.End(cancellation);
        }
        catch
        {
            await CopyWriter.Abandon(stream);
            throw;
        }
    }

    private void Write(ArchivedMessage message, long number, CopyWriter rows)
    {
        rows.Row(columns: 11);
        rows.Int64((long)message.Timestamp);
        rows.Int64(number);
        rows.Int32(key);
        rows.Int32(MessageMonth.Of(message.Timestamp, now));
        rows.Boolean(imported);
        rows.Bytes(message.Topic.ToBytes());
        rows.Bytes(message.Hash);
        rows.Bytes(message.Sig.Span);
        rows.Bytes(message.Payload.Span);
        rows.Bytes(message.Padding.Span);
        rows.Text(message.ThirdPartyId);
        topics[message.Topic] = topics.TryGetValue(message.Topic, out var topic)
            ? (Math.Min(topic.Oldest, message.Timestamp), number)
            : (message.Timestamp, number);
    }

    private async Task Count(long recorded, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with counted as (
                update ea_message_communities set highest_number = $2, messages = messages + $3 where key = $1
            )
            insert into ea_message_topics as known (community, content_topic, oldest_timestamp, highest_number)
            select $1, * from unnest($4, $5, $6)
            on conflict (community, content_topic) do update
            set oldest_timestamp = least(known.oldest_timestamp, excluded.oldest_timestamp), highest_number = excluded.highest_number
            """,
            connection
        );
        command.CommandTimeout = ChunkTimeoutSeconds;
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = highest });
        command.Parameters.Add(new() { Value = recorded });
        command.Parameters.Add(
            new() { Value = topics.Keys.Select(topic => topic.ToBytes()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
        );
        command.Parameters.Add(new() { Value = topics.Values.Select(topic => (long)topic.Oldest).ToArray() });
        command.Parameters.Add(new() { Value = topics.Values.Select(topic => topic.Highest).ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static long BytesOf(ArchivedMessage message) =>
        (long)message.Payload.Length + message.Padding.Length + message.Sig.Length + Encoding.UTF8.GetByteCount(message.ThirdPartyId);
}
