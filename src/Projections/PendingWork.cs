using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>What a node does in the world because of an event. Stored by name.</summary>
public enum Effect
{
    Cut,
    Seed,
    Announce,
    Download,
    Import,
    ResumeImport,
}

/// <summary>
/// Effects that are decided and not yet reported: at most one row for each community and effect. The row is what a node takes, with a
/// lease; a message on the bus only wakes it.
/// </summary>
/// <param name="CauseId">The event that asked for the effect; the ids of its reports derive from it.</param>
/// <param name="Since">When that event was stored.</param>
/// <param name="Attempts">Tries begun, counted before the effect, so that one that kills the process parks itself.</param>
/// <param name="Fence">Rises with every lease; a holder that lost its lease can change the row no more.</param>
public sealed record PendingWork(CommunityId CommunityId, Effect Effect, Guid CauseId, DateTimeOffset Since, int Attempts, long Fence)
{
    /// <summary>What an event does to the rows of its community: effects that are over, then one that is now due.</summary>
    public static (IReadOnlyList<Effect> Over, Effect? Due) Apply(IEvent @event) =>
        @event switch
        {
            ArchiveCreationStarted => ([], Effect.Cut),
            ArchiveCreated => ([Effect.Cut], Effect.Seed),
            ArchiveSkipped or ArchiveCreationFailed => ([Effect.Cut], null),
            SeedingStarted => ([Effect.Seed], null),
            // Whoever has the files serves them again until a seeder confirms.
            SeedingStopped { SeedersLeft: 0 } => ([], Effect.Seed),
            AnnouncementPrepared => ([], Effect.Announce),
            MagnetlinkPublished or AnnouncementFailed => ([Effect.Announce], null),
            DownloadStarted => ([Effect.Import, Effect.ResumeImport], Effect.Download),
            DownloadCompleted or DownloadFailed or DownloadCancelled => ([Effect.Download], null),
            ImportStarted => ([Effect.ResumeImport], Effect.Import),
            ArchivesParked => ([], Effect.ResumeImport),
            HistoryImported => ([Effect.Import], Effect.Seed),
            _ => ([], null),
        };
}
