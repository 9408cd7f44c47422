using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>Which archives are there, where do they come from, and what became of each?</summary>
/// <param name="From">First second of its window, Unix seconds; null: it was downloaded, and its window stands in the archive index alone.</param>
/// <param name="To">First second after its window.</param>
/// <param name="Bytes">Its size in <c>data</c> with padding; null as <paramref name="From"/>.</param>
/// <param name="InfoHash">The torrent it first came in.</param>
/// <param name="Reason">Why it is quarantined, or parked.</param>
/// <param name="At">When it came to its present status.</param>
public sealed record ArchiveSummary(
    CommunityId CommunityId,
    ArchiveId ArchiveId,
    ulong? From,
    ulong? To,
    long? Bytes,
    InfoHash InfoHash,
    ArchiveOrigin Origin,
    ArchiveStatus Status,
    string? Reason,
    DateTimeOffset At
);

/// <summary>Stored by name.</summary>
public enum ArchiveOrigin
{
    Cut,
    Downloaded,
}

/// <summary>Stored by name.</summary>
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

/// <summary>The catalogue: one row for each community and archive id.</summary>
public sealed class Archives : Projection<ArchiveSummary>
{
    public override string Name => "Archives";

    public override IReadOnlySet<Type> About { get; } =
        new HashSet<Type>
        {
            typeof(ArchiveCreated),
            typeof(ArchivesDownloaded),
            typeof(ImportStarted),
            typeof(ArchivesImported),
            typeof(ArchiveQuarantined),
            typeof(ArchivesParked),
        };

    public override IReadOnlyList<string> KeysOf(RecordedEvent recorded) =>
        [.. Touched(recorded.Event).Select(archive => Key(recorded.Event.CommunityId, archive)).Distinct(StringComparer.Ordinal)];

    public override ArchiveSummary? Apply(ArchiveSummary? row, RecordedEvent recorded, string key)
    {
        switch (recorded.Event)
        {
            case ArchiveCreated e:
                var id = IdOf(key);
                var entry = e.Archives.First(archive => archive.Id == id);
                row ??= Came(e.CommunityId, entry.Id, e.InfoHash, ArchiveOrigin.Cut);
                return row with { From = entry.From, To = entry.To, Bytes = entry.Size };
            case ArchivesDownloaded e:
                row ??= Came(e.CommunityId, IdOf(key), e.InfoHash, ArchiveOrigin.Downloaded);
                // What was quarantined or parked is there anew, in another torrent; what was imported stays so.
                return row.Status is ArchiveStatus.Quarantined or ArchiveStatus.Parked ? To(ArchiveStatus.Stored) : row;
            case ImportStarted:
                return To(ArchiveStatus.Importing);
            case ArchivesImported:
                return To(ArchiveStatus.Imported);
            case ArchiveQuarantined e:
                return To(ArchiveStatus.Quarantined) with { Reason = e.Reason };
            case ArchivesParked e:
                var parked = e.Archives.First(one => one.Archive == IdOf(key));
                return To(ArchiveStatus.Parked) with { Reason = $"It waits for the hash ratchet key {parked.MissingKey}." };
            default:
                return row;
        }

        ArchiveSummary Came(CommunityId community, ArchiveId archive, InfoHash infoHash, ArchiveOrigin origin) =>
            new(community, archive, null, null, null, infoHash, origin, ArchiveStatus.Stored, null, recorded.At);

        ArchiveSummary To(ArchiveStatus status) =>
            Known(row, recorded, nameof(Events.ArchivesDownloaded)) with
            {
                Status = status,
                Reason = null,
                At = recorded.At,
            };
    }

    private static ArchiveId IdOf(string key) => ArchiveId.Parse(key[(key.IndexOf(Separator) + 1)..]);

    private static IEnumerable<ArchiveId> Touched(IEvent @event) =>
        @event switch
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
