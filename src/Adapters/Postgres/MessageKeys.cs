using System.Collections.Concurrent;
using EventArchive.Model;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The integer that stands for a community in <c>ea_messages</c>; it never changes.</summary>
internal sealed class MessageKeys(NpgsqlDataSource source)
{
    private readonly ConcurrentDictionary<CommunityId, int> known = new();

    /// <summary>Null: nothing was ever recorded for the community.</summary>
    public async ValueTask<int?> Find(CommunityId community, CancellationToken cancellation)
    {
        if (known.TryGetValue(community, out var key))
            return key;
        await using var command = source.CreateCommand("select key from ea_message_communities where community = $1");
        command.Parameters.Add(new() { Value = community.ToString() });
        if (await command.ExecuteScalarAsync(cancellation) is not int found)
            return null;
        return known[community] = found;
    }
}
