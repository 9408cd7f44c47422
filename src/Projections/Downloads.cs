using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>How did the download of a torrent go?</summary>
/// <param name="Archives">Archives on disk, their pieces verified.</param>
/// <param name="Total">Archives in the torrent; null: not known yet.</param>
/// <param name="Bytes">Length of <c>data</c>; null: not known before it is complete.</param>
/// <param name="Ended">Null: it runs.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="ReplacedBy">The torrent for which it was cancelled.</param>
/// <param name="Tries">How often it was started.</param>
public sealed record DownloadSummary(
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
    int Tries
);

/// <summary>Stored by name.</summary>
public enum DownloadState
{
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>One row for each community and info-hash; of several downloads of the same torrent the last.</summary>
public sealed class Downloads : Projection<DownloadSummary>
{
    public override string Name => "Downloads";

    public override IReadOnlySet<Type> About { get; } =
        new HashSet<Type>
        {
            typeof(DownloadStarted),
            typeof(ArchivesDownloaded),
            typeof(DownloadCompleted),
            typeof(DownloadFailed),
            typeof(DownloadCancelled),
        };

    public override IReadOnlyList<string> KeysOf(RecordedEvent recorded) =>
        InfoHashOf(recorded.Event) is { } infoHash ? [Key(recorded.Event.CommunityId, infoHash)] : [];

    public override DownloadSummary? Apply(DownloadSummary? row, RecordedEvent recorded, string key)
    {
        return recorded.Event switch
        {
            DownloadStarted e => new(
                e.CommunityId,
                e.InfoHash,
                e.Magnetlink,
                DownloadState.Running,
                Archives: 0,
                Total: null,
                Bytes: null,
                recorded.At,
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

        DownloadSummary Started() => Known(row, recorded, nameof(DownloadStarted));

        DownloadSummary End(DownloadState state) => Started() with { State = state, Ended = recorded.At };
    }

    private static InfoHash? InfoHashOf(IEvent @event) =>
        @event switch
        {
            DownloadStarted e => e.InfoHash,
            ArchivesDownloaded e => e.InfoHash,
            DownloadCompleted e => e.InfoHash,
            DownloadFailed e => e.InfoHash,
            DownloadCancelled e => e.InfoHash,
            _ => null,
        };
}
