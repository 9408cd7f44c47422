using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>What is the newest announcement of a community that this deployment made, the newest it heard, and what does the community's description say?</summary>
/// <param name="DescriptionMagnetlink">The magnet that is known under that clock; null: none is.</param>
/// <param name="LastSeen">The newest announcement of all; null: none was seen.</param>
public sealed record KnownClocks(
    CommunityId CommunityId,
    Clock? Published = null,
    Magnetlink? PublishedMagnetlink = null,
    Clock? Received = null,
    Magnetlink? ReceivedMagnetlink = null,
    Clock? Description = null,
    Magnetlink? DescriptionMagnetlink = null,
    SeenMagnetlink? LastSeen = null
);

/// <param name="Magnetlink">Null: the event that tells of it holds the info-hash alone.</param>
public sealed record SeenMagnetlink(Clock Clock, InfoHash InfoHash, Magnetlink? Magnetlink, SeenFrom From, DateTimeOffset At);

/// <summary>Who sent an announcement. Stored by name.</summary>
public enum SeenFrom
{
    ThisDeployment,

    /// <summary>Someone else who holds the community's key: for a member its control node.</summary>
    AnotherHolder,
}

/// <summary>One row for each community.</summary>
public sealed class MagnetlinkClocks : Projection<KnownClocks>
{
    public override string Name => "MagnetlinkClocks";

    public override IReadOnlySet<Type> About { get; } =
        new HashSet<Type>
        {
            typeof(HistoryArchivesEnabled),
            typeof(ChannelsChanged),
            typeof(MagnetlinkPublished),
            typeof(MagnetlinkReceived),
            typeof(MagnetlinkIgnored),
        };

    public override IReadOnlyList<string> KeysOf(RecordedEvent recorded) =>
        recorded.Event
            is HistoryArchivesEnabled
                or ChannelsChanged { MagnetlinkClock: not null }
                or MagnetlinkPublished
                or MagnetlinkReceived
                or MagnetlinkIgnored { Reason: IgnoredBecause.OwnMessage }
            ? [recorded.Event.CommunityId.ToString()]
            : [];

    public override KnownClocks? Apply(KnownClocks? row, RecordedEvent recorded, string key) =>
        recorded.Event switch
        {
            HistoryArchivesEnabled e => row ?? new(e.CommunityId),
            ChannelsChanged { MagnetlinkClock: { } clock } => Describe(Known(row, recorded), clock),
            // Whoever publishes writes the clock into the description as well (status-go).
            MagnetlinkPublished e => Known(row, recorded) with
            {
                Published = e.Clock,
                PublishedMagnetlink = e.Magnetlink,
                Description = e.Clock,
                DescriptionMagnetlink = e.Magnetlink,
                LastSeen = new(e.Clock, e.InfoHash, e.Magnetlink, SeenFrom.ThisDeployment, recorded.At),
            },
            MagnetlinkReceived e => Known(row, recorded) with
            {
                Received = e.Clock,
                ReceivedMagnetlink = e.Magnetlink,
                DescriptionMagnetlink = e.Clock == row!.Description ? e.Magnetlink : row.DescriptionMagnetlink,
                LastSeen = new(e.Clock, e.InfoHash, e.Magnetlink, SeenFrom.AnotherHolder, recorded.At),
            },
            // A control node that meets a clock of its own community which it does not know: the key is in use elsewhere.
            MagnetlinkIgnored { Reason: IgnoredBecause.OwnMessage } e => Known(row, recorded) with
            {
                LastSeen = new(e.Clock, e.InfoHash, Magnetlink: null, SeenFrom.AnotherHolder, recorded.At),
            },
            _ => row,
        };

    private static KnownClocks Describe(KnownClocks row, Clock clock) =>
        row with
        {
            Description = clock,
            DescriptionMagnetlink =
                clock == row.Received ? row.ReceivedMagnetlink
                : clock == row.Published ? row.PublishedMagnetlink
                : null,
        };

    private static KnownClocks Known(KnownClocks? row, RecordedEvent recorded) => Known(row, recorded, nameof(HistoryArchivesEnabled));
}
