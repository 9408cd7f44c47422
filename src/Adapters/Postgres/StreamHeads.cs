using System.Collections.Concurrent;
using EventArchive.Events;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The hash of each stream's last event, to which the next one is tied. A hash at a version never changes, so what is remembered may be old
/// but never wrong; only a database that was put back to an earlier state makes it so, and that ends the connections first.
/// </summary>
internal sealed class StreamHeads(NpgsqlDataSource source)
{
    /// <summary>Streams remembered at most; beyond it all are forgotten and asked for again.</summary>
    private const int MaxStreams = 20_000;

    private readonly ConcurrentDictionary<string, (long Version, EventHash? Hash)> heads = new(StringComparer.Ordinal);

    /// <summary>Null: there is no event at that version, or a foreign writer stored it without a hash.</summary>
    public async ValueTask<EventHash?> Find(string streamId, long version, CancellationToken cancellation)
    {
        if (version == 0)
            return null;
        if (heads.TryGetValue(streamId, out var known) && known.Version == version)
            return known.Hash;
        await using var command = source.CreateCommand(
            $"select {EventHeaders.HashColumn} from mt_events where stream_id = $1 and version = $2"
        );
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = version });
        var hash = await command.ExecuteScalarAsync(cancellation) is string text ? EventHash.Parse(text) : null;
        return hash;
    }

    public void Remember(string streamId, long version, EventHash? hash)
    {
        if (heads.Count >= MaxStreams)
            heads.Clear();
        heads[streamId] = (version, hash);
    }

    public void Forget() => heads.Clear();
}
