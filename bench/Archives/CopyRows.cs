using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Bench.Archives;

/// <summary>The limit of the machine: the rows of a cut, window by window and in its order, sent by the server and thrown away.</summary>
internal static class CopyRows
{
    /// <summary>The rows of <see cref="IMessageStore.Read"/>, as the store itself asks for them: the one place that knows the table.</summary>
    private static string Query(ulong from, ulong to) =>
        $"""
            copy (
                select sig, timestamp, content_topic, payload, padding, hash, third_party_id
                from ea_messages
                where community = '{Sample.Community}' and content_topic = any(array['\x{Sample.Topic.ToString()[2..]}'::bytea])
                    and timestamp >= {from} and timestamp < {to}
                order by timestamp, number
            ) to stdout (format binary)
            """;

    public static async Task<long> Run(NpgsqlDataSource source, Sample sample)
    {
        await using var connection = await source.OpenConnectionAsync();
        var buffer = new byte[1 << 18];
        long received = 0;
        for (var from = Sample.Start; from < sample.End; from += Sample.Week)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(Query(from, from + Sample.Week));
            for (int got; (got = await copy.ReadAsync(buffer.AsMemory(), CancellationToken.None)) > 0; )
                received += got;
        }
        return received;
    }
}
