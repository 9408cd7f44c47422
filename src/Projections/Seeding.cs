using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>Which torrent does a node serve, and where? It is the present one if the row of <see cref="Communities"/> names it too.</summary>
/// <param name="Peer">Null: the node does not listen.</param>
/// <param name="Since">When it began with this torrent.</param>
/// <param name="First">When it served a torrent of this community for the first time.</param>
/// <param name="Torrents">How many torrents of this community it has served, one after another.</param>
public sealed record NodeSeeding(
    CommunityId CommunityId,
    string Node,
    InfoHash InfoHash,
    PeerAddress? Peer,
    DateTimeOffset Since,
    DateTimeOffset First,
    int Torrents
);

/// <summary>One row for each community and node.</summary>
public sealed class Seeding : Projection<NodeSeeding>
{
    public override string Name => "Seeding";

    public override IReadOnlySet<Type> About { get; } = new HashSet<Type> { typeof(SeedingStarted) };

    public override IReadOnlyList<string> KeysOf(RecordedEvent recorded) =>
        recorded.Event is SeedingStarted e ? [Key(e.CommunityId, e.Node)] : [];

    public override NodeSeeding? Apply(NodeSeeding? row, RecordedEvent recorded, string key) =>
        recorded.Event switch
        {
            SeedingStarted e when row is null => new(e.CommunityId, e.Node, e.InfoHash, e.Peer, recorded.At, recorded.At, Torrents: 1),
            SeedingStarted e when row.InfoHash == e.InfoHash => row with { Peer = e.Peer },
            SeedingStarted e => row with { InfoHash = e.InfoHash, Peer = e.Peer, Since = recorded.At, Torrents = row.Torrents + 1 },
            _ => row,
        };
}
