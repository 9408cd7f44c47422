using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Aggregation;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>How does a community's history stand?</summary>
/// <param name="Id">The stream: <c>community-0x…</c>.</param>
/// <param name="ArchivedUntil">Every window before this second is closed, Unix seconds; null: none yet, or a member.</param>
/// <param name="Torrent">The present torrent, complete on disk; null: none yet.</param>
/// <param name="Incoming">The torrent that is being downloaded or imported.</param>
/// <param name="Messages">Messages cut into archives and messages imported, in all.</param>
/// <param name="UnderWay">Effects that are decided and not yet reported, as in <see cref="PendingWork"/>.</param>
/// <param name="LastFailure">The last effect that was given up; it stays after a later success.</param>
/// <param name="ChatIds">The channels as Status names them; null: not known.</param>
/// <param name="LastSeq">Position of the community's last event, stored at <paramref name="LastEventAt"/>.</param>
public sealed record CommunitySummary(
    string Id,
    CommunityId CommunityId,
    bool ControlNode,
    PubsubTopic PubsubTopic,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong? ArchivedUntil,
    HeldTorrent? Torrent,
    HeldTorrent? Incoming,
    long Messages,
    IReadOnlyList<Effect> UnderWay,
    Failure? LastFailure,
    long LastSeq,
    DateTimeOffset LastEventAt,
    IReadOnlyList<string>? ChatIds = null
);

/// <param name="Archives">Archives in it; 0: not known before its download is over.</param>
/// <param name="Bytes">Length of its <c>data</c>; 0: not known before its download is over.</param>
public sealed record HeldTorrent(InfoHash InfoHash, Magnetlink Magnetlink, int Archives, long Bytes);

/// <param name="What">The event's name.</param>
public sealed record Failure(string What, string Reason, long Seq, DateTimeOffset At);

/// <summary>One document for each community.</summary>
public sealed class Communities : SingleStreamProjection<CommunitySummary, string>
{
    public Communities()
    {
        Name = "Communities";
        Version = 1;
        foreach (var (_, type) in StoredName.All)
            IncludeType(type);
    }

    public override CommunitySummary? Evolve(CommunitySummary? row, string id, MartenEvent e)
    {
        if (Fold.Unseen(e, row?.LastSeq) is not { } data)
            return row;
        if (row is null && data is HistoryArchivesEnabled first)
            row = New(id, first);
        row = Fold.Known(row, data, nameof(HistoryArchivesEnabled));
        return Next(row, data, e) with { UnderWay = UnderWay(row, data), LastSeq = e.Sequence, LastEventAt = e.Timestamp };
    }

    private static CommunitySummary New(string id, HistoryArchivesEnabled first) =>
        new(
            id,
            first.CommunityId,
            first.ControlNode,
            first.PubsubTopic,
            first.ContentTopics,
            ArchivedUntil: null,
            Torrent: null,
            Incoming: null,
            Messages: 0,
            UnderWay: [],
            LastFailure: null,
            LastSeq: 0,
            LastEventAt: default,
            first.ChatIds
        );

    private static CommunitySummary Next(CommunitySummary row, IEvent data, MartenEvent recorded)
    {
        return data switch
        {
            HistoryArchivesEnabled e => row with
            {
                ControlNode = e.ControlNode,
                PubsubTopic = e.PubsubTopic,
                ContentTopics = e.ContentTopics,
                ChatIds = e.ChatIds,
            },
            ChannelsChanged e => row with
            {
                ContentTopics = e.ContentTopics,
                ChatIds = e.ChatIds,
                PubsubTopic = e.PubsubTopic ?? row.PubsubTopic,
            },
            ArchiveCreated e => row with
            {
                ArchivedUntil = e.To,
                Torrent = new(e.InfoHash, e.Magnetlink, e.ArchiveCount, e.DataBytes),
                Messages = row.Messages + e.Messages,
            },
            ArchiveSkipped e => row with { ArchivedUntil = e.To },
            ArchiveCreationFailed e => Fail(e.Reason),
            AnnouncementFailed e => Fail(e.Reason),
            DownloadStarted e => row with { Incoming = new(e.InfoHash, e.Magnetlink, 0, 0) },
            // A restored torrent is what it was; the magnet it was fetched by names peers of that day.
            DownloadCompleted e => row with
            {
                Incoming = Fold.Known(row.Incoming, data, nameof(DownloadStarted)) with
                {
                    Magnetlink = row.Torrent?.InfoHash == e.InfoHash ? row.Torrent.Magnetlink : row.Incoming!.Magnetlink,
                    Archives = e.ArchiveCount,
                    Bytes = e.DataBytes,
                },
            },
            DownloadFailed e => Fail(e.Reason) with { Incoming = null },
            DownloadCancelled => row with { Incoming = null },
            ArchivesImported e => row with { Messages = row.Messages + e.Messages },
            ArchiveQuarantined e => Fail(e.Reason),
            HistoryImported => row with { Torrent = row.Incoming, Incoming = null },
            _ => row,
        };

        CommunitySummary Fail(string reason) =>
            row with
            {
                LastFailure = new(data.GetType().Name, reason, recorded.Sequence, recorded.Timestamp),
            };
    }

    private static IReadOnlyList<Effect> UnderWay(CommunitySummary row, IEvent data)
    {
        var (over, due) = PendingWork.Apply(data);
        if (over.Count == 0 && due is null)
            return row.UnderWay;
        var left = row.UnderWay.Except(over);
        return [.. (due is { } effect ? left.Append(effect) : left).Distinct().Order()];
    }
}
