using System.Text.Json.Serialization;
using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Projections;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>How did the download of a torrent go?</summary>
/// <param name="Id"><c>0x…community/info-hash</c>.</param>
/// <param name="Archives">Archives on disk, their pieces verified.</param>
/// <param name="Total">Archives in the torrent; null: not known yet.</param>
/// <param name="Bytes">Length of <c>data</c>; null: not known before it is complete.</param>
/// <param name="Ended">Null: it runs.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="ReplacedBy">The torrent for which it was cancelled.</param>
/// <param name="Tries">How often it was started.</param>
/// <param name="LastSeq">Of the last event folded.</param>
public sealed record DownloadSummary(
    string Id,
    CommunityId CommunityId,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    DownloadState State,
    int Archives,
    int? Total,
    long? Bytes,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    string? Reason,
    InfoHash? ReplacedBy,
    int Tries,
    long LastSeq = 0
);

/// <summary>Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DownloadState>))]
public enum DownloadState
{
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>One document for each community and info-hash; of several downloads of the same torrent the last.</summary>
public sealed class Downloads : MultiStreamProjection<DownloadSummary, string>
{
    public Downloads()
    {
        Name = "Downloads";
        Version = 1;
        IncludeType<DownloadStarted>();
        IncludeType<ArchivesDownloaded>();
        IncludeType<DownloadCompleted>();
        IncludeType<DownloadFailed>();
        IncludeType<DownloadCancelled>();
        Identities<IEvent>(KeysOf);
    }

    public override DownloadSummary? Evolve(DownloadSummary? row, string id, MartenEvent e) =>
        Fold.Unseen(e, row?.LastSeq) is not { } data ? row
        : Next(row, id, data, e.Timestamp) is { } next ? next with { LastSeq = e.Sequence }
        : null;

    private static DownloadSummary? Next(DownloadSummary? row, string id, IEvent data, DateTimeOffset at)
    {
        return data switch
        {
            DownloadStarted e => new(
                id,
                e.CommunityId,
                e.InfoHash,
                e.Magnetlink,
                DownloadState.Running,
                Archives: 0,
                Total: null,
                Bytes: null,
                at,
                Ended: null,
                Reason: null,
                ReplacedBy: null,
                (row?.Tries ?? 0) + 1
            ),
            ArchivesDownloaded e => Started() with { Archives = Started().Archives + e.Archives.Count, Total = e.Total },
            DownloadCompleted e => End(DownloadState.Completed) with { Total = e.ArchiveCount, Bytes = e.DataBytes },
            DownloadFailed e => End(DownloadState.Failed) with { Reason = e.Reason },
            DownloadCancelled e => End(DownloadState.Cancelled) with { ReplacedBy = e.ReplacedBy },
            _ => row,
        };

        DownloadSummary Started() => Fold.Known(row, data, nameof(DownloadStarted));

        DownloadSummary End(DownloadState state) => Started() with { State = state, Ended = at };
    }

    private static string[] KeysOf(IEvent data) =>
        InfoHashOf(ISupersededEvent.Newest(data)) is { } infoHash ? [Fold.Key(data.CommunityId, infoHash)] : [];

    private static InfoHash? InfoHashOf(IEvent data) =>
        data switch
        {
            DownloadStarted e => e.InfoHash,
            ArchivesDownloaded e => e.InfoHash,
            DownloadCompleted e => e.InfoHash,
            DownloadFailed e => e.InfoHash,
            DownloadCancelled e => e.InfoHash,
            _ => null,
        };
}
