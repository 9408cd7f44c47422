using System.Text.Json.Serialization;
using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Aggregation;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>What is the newest announcement of a community that this deployment made, the newest it heard, and what does the community's description say?</summary>
/// <param name="Id">The stream: <c>community-0x…</c>.</param>
/// <param name="DescriptionMagnetlink">The magnet that is known under that clock; null: none is.</param>
/// <param name="LastSeen">The newest announcement of all; null: none was seen.</param>
/// <param name="LastSeq">Of the last event folded.</param>
public sealed record KnownClocks(
    string Id,
    CommunityId CommunityId,
    Clock? Published = null,
    Magnetlink? PublishedMagnetlink = null,
    Clock? Received = null,
    Magnetlink? ReceivedMagnetlink = null,
    Clock? Description = null,
    Magnetlink? DescriptionMagnetlink = null,
    SeenMagnetlink? LastSeen = null,
    long LastSeq = 0
);

/// <param name="Magnetlink">Null: the event that tells of it holds the info-hash alone.</param>
public sealed record SeenMagnetlink(Clock Clock, InfoHash InfoHash, Magnetlink? Magnetlink, SeenFrom From, DateTimeOffset At);

/// <summary>Who sent an announcement. Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SeenFrom>))]
public enum SeenFrom
{
    ThisDeployment,

    /// <summary>Someone else who holds the community's key: for a member its control node.</summary>
    AnotherHolder,
}

/// <summary>One document for each community.</summary>
public sealed class MagnetlinkClocks : SingleStreamProjection<KnownClocks, string>
{
    public MagnetlinkClocks()
    {
        Name = "MagnetlinkClocks";
        Version = 1;
        IncludeType<HistoryArchivesEnabled>();
        IncludeType<ChannelsChanged>();
        IncludeType<MagnetlinkPublished>();
        IncludeType<MagnetlinkReceived>();
        IncludeType<MagnetlinkIgnored>();
    }

    public override KnownClocks? Evolve(KnownClocks? row, string id, MartenEvent e) =>
        Fold.Unseen(e, row?.LastSeq) is not { } data ? row
        : Next(row, id, data, e.Timestamp) is { } next ? next with { LastSeq = e.Sequence }
        : null;

    private static KnownClocks? Next(KnownClocks? row, string id, IEvent data, DateTimeOffset at) =>
        data switch
        {
            HistoryArchivesEnabled e => row ?? new(id, e.CommunityId),
            ChannelsChanged { MagnetlinkClock: { } clock } => Describe(Known(row, data), clock),
            // Whoever publishes writes the clock into the description as well (status-go).
            MagnetlinkPublished e => Known(row, data) with
            {
                Published = e.Clock,
                PublishedMagnetlink = e.Magnetlink,
                Description = e.Clock,
                DescriptionMagnetlink = e.Magnetlink,
                LastSeen = new(e.Clock, e.InfoHash, e.Magnetlink, SeenFrom.ThisDeployment, at),
            },
            MagnetlinkReceived e => Known(row, data) with
            {
                Received = e.Clock,
                ReceivedMagnetlink = e.Magnetlink,
                DescriptionMagnetlink = e.Clock == row!.Description ? e.Magnetlink : row.DescriptionMagnetlink,
                LastSeen = new(e.Clock, e.InfoHash, e.Magnetlink, SeenFrom.AnotherHolder, at),
            },
            // A control node that meets a clock of its own community which it does not know: the key is in use elsewhere.
            MagnetlinkIgnored { Reason: IgnoredBecause.OwnMessage } e => Known(row, data) with
            {
                LastSeen = new(e.Clock, e.InfoHash, Magnetlink: null, SeenFrom.AnotherHolder, at),
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

    private static KnownClocks Known(KnownClocks? row, IEvent data) => Fold.Known(row, data, nameof(HistoryArchivesEnabled));
}
