using System.Text;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Tests.Contract;

/// <summary>Calls of the append functions with one append, in whatever transaction the connection has.</summary>
internal static class HandAppend
{
    /// <summary><c>ea_append</c>: a(ppended), c(onflict) or d(uplicate).</summary>
    public static async Task<string> Run(
        NpgsqlConnection connection,
        string stream,
        long version,
        int count,
        CancellationToken cancellation,
        Guid? messageId = null,
        string command = "ByHand"
    )
    {
        await using var call = new NpgsqlCommand(
            """
            select results[1]::text from ea_append(
                array[$4], array[$1], array[$5], array[$6], array[''], array[''],
                array[null::text], array[null::text], array[1], array[$2], array['archive_skipped'], array[''],
                array_fill(1, array[$2]), array_fill(1, array[$2]), array(select gen_random_uuid() from generate_series(1, $2)),
                array(select $1 + n from generate_series(1, $2) n), array_fill($3, array[$2]), array_fill('null'::jsonb, array[$2]))
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = version },
                new() { Value = count },
                new()
                {
                    Value = Encoding.UTF8.GetString(EventJson.WriteBytes(EventSamples.Numbered(1))),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
                new() { Value = stream },
                new() { Value = messageId ?? Guid.CreateVersion7() },
                new() { Value = command },
            },
        };
        return (string)(await call.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The same with <c>ea_append_one</c>.</summary>
    public static async Task<string> RunAlone(
        NpgsqlConnection connection,
        string stream,
        long version,
        int count,
        CancellationToken cancellation
    )
    {
        await using var call = new NpgsqlCommand(
            """
            select result::text from ea_append_one(
                $3, $1, gen_random_uuid(), 'ByHand', '', '', null, null, array['archive_skipped'], array[''], array_fill(1, array[$2]),
                array(select gen_random_uuid() from generate_series(1, $2)), array_fill('{}'::jsonb, array[$2]), array_fill('null'::jsonb, array[$2]))
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = version },
                new() { Value = count },
                new() { Value = stream },
            },
        };
        return (string)(await call.ExecuteScalarAsync(cancellation))!;
    }
}
