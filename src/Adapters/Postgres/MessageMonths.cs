using System.Collections.Concurrent;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Makes the partitions that messages need, each in a transaction of its own ahead of the recording one: adding one locks the table against
/// adding another, and a long recording must not hold that. An empty month is left behind when the recording fails, and does no harm.
/// </summary>
internal sealed class MessageMonths(NpgsqlDataSource source)
{
    // Only months beyond the horizon are ever dropped, and in these nothing is recorded again.
    private readonly ConcurrentDictionary<int, bool> known = new();

    public async Task Add(IEnumerable<int> months, CancellationToken cancellation)
    {
        foreach (var month in months.Where(month => month != MessageMonth.Other && !known.ContainsKey(month)))
        {
            await using var command = source.CreateCommand("select ea_add_message_month($1)");
            command.Parameters.Add(new() { Value = month });
            await command.ExecuteNonQueryAsync(cancellation);
            known[month] = true;
        }
    }
}
