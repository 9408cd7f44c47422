using System.Text.Json.Serialization;
using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Projections;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>Which archives are there, where do they come from, and what became of each?</summary>
/// <param name="Id"><c>0x…community/0x…archive</c>.</param>
/// <param name="From">First second of its window, Unix seconds; null: it was downloaded, and its window stands in the archive index alone.</param>
/// <param name="To">First second after its window.</param>
/// <param name="Bytes">Its size in <c>data</c> with padding; null as <paramref name="From"/>.</param>
/// <param name="InfoHash">The torrent it first came in.</param>
/// <param name="Reason">Why it is quarantined, or parked.</param>
/// <param name="At">When it came to its present status.</param>
/// <param name="LastSeq">Of the last event folded.</param>
public sealed record ArchiveSummary(
    string Id,
    CommunityId CommunityId,
    ArchiveId ArchiveId,
    ulong? From,
    ulong? To,
    long? Bytes,
    InfoHash InfoHash,
    ArchiveOrigin Origin,
    ArchiveStatus Status,
    string? Reason,
    DateTimeOffset At,
    long LastSeq = 0
);

/// <summary>Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArchiveOrigin>))]
public enum ArchiveOrigin
{
    Cut,
    Downloaded,
}

/// <summary>Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArchiveStatus>))]
public enum ArchiveStatus
{
    /// <summary>Complete on disk.</summary>
    Stored,

    /// <summary>Its import is decided.</summary>
    Importing,

    /// <summary>Its messages are in the message table.</summary>
    Imported,

    /// <summary>Its key is not here; when it is imported, so is the archive.</summary>
    Parked,

    /// <summary>It cannot be read, and was left out of the import.</summary>
    Quarantined,
}

/// <summary>The catalogue: one document for each community and archive id.</summary>
public sealed class Archives : MultiStreamProjection<ArchiveSummary, string>
{
    public Archives()
    {
        Name = "Archives";
        Version = 1;
        IncludeType<ArchiveCreated>();
        IncludeType<ArchivesDownloaded>();
        IncludeType<ImportStarted>();
        IncludeType<ArchivesImported>();
        IncludeType<ArchiveQuarantined>();
        IncludeType<ArchivesParked>();
        Identities<IEvent>(KeysOf);
    }

    public override ArchiveSummary? Evolve(ArchiveSummary? row, string id, MartenEvent e) =>
        Fold.Unseen(e, row?.LastSeq) is not { } data ? row
        : Next(row, id, data, e.Timestamp) is { } next ? next with { LastSeq = e.Sequence }
        : null;

    private static ArchiveSummary? Next(ArchiveSummary? row, string id, IEvent data, DateTimeOffset at)
    {
        var archive = ArchiveId.Parse(Fold.PartOf(id));
        switch (data)
        {
            case ArchiveCreated e:
                var entry = e.Archives.First(one => one.Id == archive);
                row ??= Came(e.InfoHash, ArchiveOrigin.Cut);
                return row with { From = entry.From, To = entry.To, Bytes = entry.Size };
            case ArchivesDownloaded e:
                row ??= Came(e.InfoHash, ArchiveOrigin.Downloaded);
                // What was quarantined or parked is there anew, in another torrent; what was imported stays so.
                return row.Status is ArchiveStatus.Quarantined or ArchiveStatus.Parked ? To(ArchiveStatus.Stored) : row;
            case ImportStarted:
                return To(ArchiveStatus.Importing);
            case ArchivesImported:
                return To(ArchiveStatus.Imported);
            case ArchiveQuarantined e:
                return To(ArchiveStatus.Quarantined) with { Reason = e.Reason };
            case ArchivesParked e:
                var parked = e.Archives.First(one => one.Archive == archive);
                return To(ArchiveStatus.Parked) with { Reason = $"It waits for the hash ratchet key {parked.MissingKey}." };
            default:
                return row;
        }

        ArchiveSummary Came(InfoHash infoHash, ArchiveOrigin origin) =>
            new(id, data.CommunityId, archive, From: null, To: null, Bytes: null, infoHash, origin, ArchiveStatus.Stored, Reason: null, at);

        ArchiveSummary To(ArchiveStatus status) =>
            Fold.Known(row, data, nameof(ArchivesDownloaded)) with
            {
                Status = status,
                Reason = null,
                At = at,
            };
    }

    private static string[] KeysOf(IEvent data) =>
        [.. Touched(ISupersededEvent.Newest(data)).Select(archive => Fold.Key(data.CommunityId, archive)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<ArchiveId> Touched(IEvent data) =>
        data switch
        {
            ArchiveCreated e => e.Archives.Select(archive => archive.Id),
            ArchivesDownloaded e => e.Archives,
            ImportStarted e => e.Archives,
            ArchivesImported e => e.Archives,
            ArchiveQuarantined e => [e.Archive],
            ArchivesParked e => e.Archives.Select(parked => parked.Archive),
            _ => [],
        };
}
