using System.Text.Json.Serialization;
using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Aggregation;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>What must this deployment know to cut and announce by itself what is due?</summary>
/// <param name="Id">The stream: <c>community-0x…</c>.</param>
/// <param name="ArchivedUntil">Every window before this second is closed, Unix seconds; null: none yet.</param>
/// <param name="CutFailedAt">When the last cut was given up; null: it was not.</param>
/// <param name="Torrent">The present torrent; null: none yet.</param>
/// <param name="SeededAt">When its first seeder stood; null: none does.</param>
/// <param name="LastAnnouncement">Null: none was made yet.</param>
/// <param name="LastSeq">Of the last event folded.</param>
public sealed record CommunitySchedule(
    string Id,
    CommunityId CommunityId,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong? ArchivedUntil = null,
    bool Cutting = false,
    DateTimeOffset? CutFailedAt = null,
    InfoHash? Torrent = null,
    DateTimeOffset? SeededAt = null,
    LastAnnouncement? LastAnnouncement = null,
    long LastSeq = 0
);

/// <param name="At">When it came to this state.</param>
public sealed record LastAnnouncement(Clock Clock, InfoHash InfoHash, AnnouncementState State, DateTimeOffset At);

/// <summary>Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnnouncementState>))]
public enum AnnouncementState
{
    UnderWay,
    Published,
    Failed,
}

/// <summary>One document for each community that is controlled here.</summary>
public sealed class Schedule : SingleStreamProjection<CommunitySchedule, string>
{
    public Schedule()
    {
        Name = "Schedule";
        Version = 1;
        IncludeType<HistoryArchivesEnabled>();
        IncludeType<ChannelsChanged>();
        IncludeType<ArchiveCreationStarted>();
        IncludeType<ArchiveCreated>();
        IncludeType<ArchiveSkipped>();
        IncludeType<ArchiveCreationFailed>();
        IncludeType<SeedingStarted>();
        IncludeType<SeedingStopped>();
        IncludeType<HistoryImported>();
        IncludeType<AnnouncementPrepared>();
        IncludeType<MagnetlinkPublished>();
        IncludeType<AnnouncementFailed>();
    }

    public override CommunitySchedule? Evolve(CommunitySchedule? row, string id, MartenEvent e) =>
        Fold.Unseen(e, row?.LastSeq) is not { } data ? row
        : Next(row, id, data, e.Timestamp) is { } next ? next with { LastSeq = e.Sequence }
        : null;

    // Without a document it is a member, which does nothing by itself.
    private static CommunitySchedule? Next(CommunitySchedule? row, string id, IEvent data, DateTimeOffset at) =>
        data is HistoryArchivesEnabled { ControlNode: true } e
            ? (row ?? new(id, e.CommunityId, [])) with
            {
                ContentTopics = e.ContentTopics,
            }
        : row is null ? null
        : Next(row, data, at);

    private static CommunitySchedule Next(CommunitySchedule row, IEvent data, DateTimeOffset at) =>
        data switch
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
            ArchiveCreationFailed => row with { Cutting = false, CutFailedAt = at },
            HistoryImported e => row with { Torrent = e.InfoHash, SeededAt = null },
            SeedingStarted e when e.InfoHash == row.Torrent => row with { SeededAt = row.SeededAt ?? at },
            SeedingStopped { SeedersLeft: 0 } => row with { SeededAt = null },
            AnnouncementPrepared e => row with { LastAnnouncement = new(e.Clock, e.InfoHash, AnnouncementState.UnderWay, at) },
            MagnetlinkPublished e => Ended(row, e.Clock, AnnouncementState.Published, at),
            AnnouncementFailed e => Ended(row, e.Clock, AnnouncementState.Failed, at),
            _ => row,
        };

    private static CommunitySchedule Ended(CommunitySchedule row, Clock clock, AnnouncementState state, DateTimeOffset at) =>
        row.LastAnnouncement?.Clock == clock ? row with { LastAnnouncement = row.LastAnnouncement with { State = state, At = at } } : row;
}
