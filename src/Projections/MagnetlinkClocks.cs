using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>What is the newest announcement of a community that this deployment made, and the newest it heard?</summary>
public sealed record MagnetlinkClocks(
    CommunityId CommunityId,
    Clock? Published = null,
    Magnetlink? PublishedMagnetlink = null,
    Clock? Received = null,
    Magnetlink? ReceivedMagnetlink = null
)
{
    public static MagnetlinkClocks? Apply(MagnetlinkClocks? row, IEvent @event) =>
        @event switch
        {
            HistoryArchivesEnabled e => row ?? new(e.CommunityId),
            MagnetlinkPublished e => row! with { Published = e.Clock, PublishedMagnetlink = e.Magnetlink },
            MagnetlinkReceived e => row! with { Received = e.Clock, ReceivedMagnetlink = e.Magnetlink },
            _ => row,
        };
}
