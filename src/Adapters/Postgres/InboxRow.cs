using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A row of <c>ea_inbox</c>: command, event ids, refusal code, refusal reason and time, in this order.</summary>
internal static class InboxRow
{
    public static CommandOutcome Read(NpgsqlDataReader reader, Guid messageId, int firstColumn) =>
        new(
            messageId,
            reader.GetString(firstColumn),
            reader.GetFieldValue<Guid[]>(firstColumn + 1),
            reader.IsDBNull(firstColumn + 2) ? null : new Refusal(reader.GetString(firstColumn + 2), reader.GetString(firstColumn + 3)),
            reader.GetFieldValue<DateTimeOffset>(firstColumn + 4)
        );
}
