using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>What must this deployment know to cut and announce by itself what is due?</summary>
/// <param name="ArchivedUntil">Every window before this second is closed, Unix seconds; null: none yet.</param>
/// <param name="CutFailedAt">When the last cut was given up; null: it was not.</param>
/// <param name="Torrent">The present torrent; null: none yet.</param>
/// <param name="SeededAt">When its first seeder stood; null: none does.</param>
/// <param name="LastAnnouncement">Null: none was made yet.</param>
public sealed record CommunitySchedule(
    CommunityId CommunityId,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong? ArchivedUntil = null,
    bool Cutting = false,
    DateTimeOffset? CutFailedAt = null,
    InfoHash? Torrent = null,
    DateTimeOffset? SeededAt = null,
    LastAnnouncement? LastAnnouncement = null
);

/// <param name="At">When it came to this state.</param>
public sealed record LastAnnouncement(Clock Clock, InfoHash InfoHash, AnnouncementState State, DateTimeOffset At);

/// <summary>Stored by name.</summary>
public enum AnnouncementState
{
    UnderWay,
    Published,
    Failed,
}

/// <summary>One row for each community that is controlled here.</summary>
public sealed class Schedule : Projection<CommunitySchedule>
{
    public override string Name => "Schedule";

    public override IReadOnlySet<Type> About { get; } =
        new HashSet<Type>
        {
            typeof(HistoryArchivesEnabled),
            typeof(ChannelsChanged),
            typeof(ArchiveCreationStarted),
            typeof(ArchiveCreated),
            typeof(ArchiveSkipped),
            typeof(ArchiveCreationFailed),
            typeof(SeedingStarted),
            typeof(SeedingStopped),
            typeof(HistoryImported),
            typeof(AnnouncementPrepared),
            typeof(MagnetlinkPublished),
            typeof(AnnouncementFailed),
        };

    public override IReadOnlyList<string> KeysOf(RecordedEvent recorded) =>
        About.Contains(recorded.Event.GetType()) ? [recorded.Event.CommunityId.ToString()] : [];

    // Without a row it is a member, which does nothing by itself.
    public override CommunitySchedule? Apply(CommunitySchedule? row, RecordedEvent recorded, string key) =>
        recorded.Event is HistoryArchivesEnabled { ControlNode: true } e
            ? (row ?? new(e.CommunityId, [])) with
            {
                ContentTopics = e.ContentTopics,
            }
        : row is null ? null
        : Evolve(row, recorded);

    private static CommunitySchedule Evolve(CommunitySchedule row, RecordedEvent recorded) =>
        recorded.Event switch
        {
            ChannelsChanged e => row with { ContentTopics = e.ContentTopics },
            ArchiveCreationStarted => row with { Cutting = true },
            ArchiveCreated e => row with
            {
                Cutting = false,
                CutFailedAt = null,
                ArchivedUntil = e.To,
                Torrent = e.InfoHash,
                SeededAt = null,
            },
            ArchiveSkipped e => row with { Cutting = false, CutFailedAt = null, ArchivedUntil = e.To },
            ArchiveCreationFailed => row with { Cutting = false, CutFailedAt = recorded.At },
            HistoryImported e => row with { Torrent = e.InfoHash, SeededAt = null },
            SeedingStarted e when e.InfoHash == row.Torrent => row with { SeededAt = row.SeededAt ?? recorded.At },
            SeedingStopped { SeedersLeft: 0 } => row with { SeededAt = null },
            AnnouncementPrepared e => row with { LastAnnouncement = new(e.Clock, e.InfoHash, AnnouncementState.UnderWay, recorded.At) },
            MagnetlinkPublished e => Ended(row, e.Clock, AnnouncementState.Published, recorded.At),
            AnnouncementFailed e => Ended(row, e.Clock, AnnouncementState.Failed, recorded.At),
            _ => row,
        };

    private static CommunitySchedule Ended(CommunitySchedule row, Clock clock, AnnouncementState state, DateTimeOffset at) =>
        row.LastAnnouncement?.Clock == clock ? row with { LastAnnouncement = row.LastAnnouncement with { State = state, At = at } } : row;
}
