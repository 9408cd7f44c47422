using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>Which torrent does a node serve, and where? It is the present one if the row of <see cref="Communities"/> names it too.</summary>
/// <param name="Peer">Null: the node does not listen.</param>
/// <param name="Since">When it began with this torrent.</param>
/// <param name="First">When it served a torrent of this community for the first time.</param>
/// <param name="Torrents">How many torrents of this community it has served, one after another.</param>
/// <param name="Until">When it stopped; null: it serves it.</param>
public sealed record NodeSeeding(
    CommunityId CommunityId,
    string Node,
    InfoHash InfoHash,
    PeerAddress? Peer,
    DateTimeOffset Since,
    DateTimeOffset First,
    int Torrents,
    DateTimeOffset? Until = null
);

/// <summary>One row for each community and node.</summary>
public sealed class Seeding : Projection<NodeSeeding>
{
    public override string Name => "Seeding";

    public override IReadOnlySet<Type> About { get; } = new HashSet<Type> { typeof(SeedingStarted), typeof(SeedingStopped) };

    public override IReadOnlyList<string> KeysOf(RecordedEvent recorded) =>
        recorded.Event switch
        {
            SeedingStarted e => [Key(e.CommunityId, e.Node)],
            SeedingStopped e => [Key(e.CommunityId, e.Node)],
            _ => [],
        };

    public override NodeSeeding? Apply(NodeSeeding? row, RecordedEvent recorded, string key) =>
        recorded.Event switch
        {
            SeedingStarted e when row is null => new(e.CommunityId, e.Node, e.InfoHash, e.Peer, recorded.At, recorded.At, Torrents: 1),
            SeedingStarted e when row.InfoHash == e.InfoHash && row.Until is null => row with { Peer = e.Peer },
            SeedingStarted e => row with
            {
                InfoHash = e.InfoHash,
                Peer = e.Peer,
                Since = recorded.At,
                Torrents = row.InfoHash == e.InfoHash ? row.Torrents : row.Torrents + 1,
                Until = null,
            },
            // Whoever made the torrent may have served it without a word, and has no row.
            SeedingStopped when row is not null => row with { Until = recorded.At },
            _ => row,
        };
}
