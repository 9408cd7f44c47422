using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Projections;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>Which torrent does a node serve, and where? It is the present one if the document of <see cref="Communities"/> names it too.</summary>
/// <param name="Id"><c>0x…community/node</c>.</param>
/// <param name="Peer">Null: the node does not listen.</param>
/// <param name="Since">When it began with this torrent.</param>
/// <param name="First">When it served a torrent of this community for the first time.</param>
/// <param name="Torrents">How many torrents of this community it has served, one after another.</param>
/// <param name="Until">When it stopped; null: it serves it.</param>
/// <param name="LastSeq">Of the last event folded.</param>
public sealed record NodeSeeding(
    string Id,
    CommunityId CommunityId,
    string Node,
    InfoHash InfoHash,
    PeerAddress? Peer,
    DateTimeOffset Since,
    DateTimeOffset First,
    int Torrents,
    DateTimeOffset? Until = null,
    long LastSeq = 0
);

/// <summary>One document for each community and node.</summary>
public sealed class Seeding : MultiStreamProjection<NodeSeeding, string>
{
    public Seeding()
    {
        Name = "Seeding";
        Version = 1;
        IncludeType<SeedingStarted>();
        IncludeType<SeedingStopped>();
        Identities<IEvent>(KeysOf);
    }

    public override NodeSeeding? Evolve(NodeSeeding? row, string id, MartenEvent e) =>
        Fold.Unseen(e, row?.LastSeq) is not { } data ? row
        : Next(row, id, data, e.Timestamp) is { } next ? next with { LastSeq = e.Sequence }
        : null;

    private static NodeSeeding? Next(NodeSeeding? row, string id, IEvent data, DateTimeOffset at) =>
        data switch
        {
            SeedingStarted e when row is null => new(id, e.CommunityId, e.Node, e.InfoHash, e.Peer, at, at, Torrents: 1),
            SeedingStarted e when row.InfoHash == e.InfoHash && row.Until is null => row with { Peer = e.Peer },
            SeedingStarted e => row with
            {
                InfoHash = e.InfoHash,
                Peer = e.Peer,
                Since = at,
                Torrents = row.InfoHash == e.InfoHash ? row.Torrents : row.Torrents + 1,
                Until = null,
            },
            // Whoever made the torrent may have served it without a word, and has no document.
            SeedingStopped when row is not null => row with { Until = at },
            _ => row,
        };

    private static string[] KeysOf(IEvent data) =>
        ISupersededEvent.Newest(data) switch
        {
            SeedingStarted e => [Fold.Key(e.CommunityId, e.Node)],
            SeedingStopped e => [Fold.Key(e.CommunityId, e.Node)],
            _ => [],
        };
}
