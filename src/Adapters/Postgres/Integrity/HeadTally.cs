using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Postgres;

/// <summary>What a head covers, counted while the streams go by: all events up to one position.</summary>
internal sealed class HeadTally(long seq)
{
    private readonly MerkleRoot root = new();

    public long Seq => seq;

    public long Events { get; private set; }

    public long Streams => root.Leaves;

    public string Root => Convert.ToHexStringLower(root.Compute());

    /// <param name="events">Of the stream, up to the head's position.</param>
    /// <param name="version">Of the stream's last event up to there.</param>
    /// <param name="chain">That event's hash, each event hashed behind the one before.</param>
    public void Add(string streamId, long events, long version, EventHash chain)
    {
        Events += events;
        root.Add(
            CanonicalJson.Of(
                JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        hash = chain.ToString(),
                        stream = streamId,
                        version,
                    }
                )
            )
        );
    }
}
