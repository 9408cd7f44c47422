using System.Text.Json.Serialization;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>What a node does in the world because of an event. Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Effect>))]
public enum Effect
{
    Cut,
    Seed,
    Announce,
    Download,
    Import,
    ResumeImport,
    Sign,
}

/// <summary>
/// Effects that are decided and not yet reported: at most one row for each community and effect. The row is what a node takes, with a
/// lease; a message on the bus only wakes it.
/// </summary>
/// <param name="CauseId">The event that asked for the effect; the ids of its reports derive from it.</param>
/// <param name="Since">When that event was stored.</param>
/// <param name="Attempts">Tries begun, counted before the effect, so that one that kills the process parks itself.</param>
/// <param name="Fence">Rises with every lease; a holder that lost its lease can change the row no more.</param>
/// <param name="CorrelationId">Of the line that the cause belongs to; null: it is not known.</param>
public sealed record PendingWork(
    CommunityId CommunityId,
    Effect Effect,
    Guid CauseId,
    DateTimeOffset Since,
    int Attempts,
    long Fence,
    Guid? CorrelationId = null
)
{
    /// <summary>Rises with every change of <see cref="Apply"/>: the rows are then folded anew by <c>db apply</c>.</summary>
    public const int FoldVersion = 1;

    /// <summary>What an event does to the rows of its community: effects that are over, then one that is now due.</summary>
    public static (IReadOnlyList<Effect> Over, Effect? Due) Apply(IEvent @event) =>
        @event switch
        {
            ArchiveCreationStarted => ([], Effect.Cut),
            // What was asked for is about the torrent before.
            ArchiveCreated => ([Effect.Cut, Effect.Sign], Effect.Seed),
            ArchiveSkipped or ArchiveCreationFailed => ([Effect.Cut], null),
            SeedingStarted => ([Effect.Seed], null),
            // A node that has the files serves them again until a seeder confirms, and then it is announced.
            SeedingStopped { SeedersLeft: 0 } => ([Effect.Sign], Effect.Seed),
            AnnouncementRequested => ([], Effect.Sign),
            AnnouncementPrepared => ([Effect.Sign], Effect.Announce),
            MagnetlinkPublished or AnnouncementFailed => ([Effect.Announce], null),
            DownloadStarted => ([Effect.Import, Effect.ResumeImport], Effect.Download),
            DownloadCompleted or DownloadFailed or DownloadCancelled => ([Effect.Download], null),
            ImportStarted => ([Effect.ResumeImport], Effect.Import),
            ArchivesParked => ([], Effect.ResumeImport),
            HistoryImported => ([Effect.Import, Effect.Sign], Effect.Seed),
            _ => ([], null),
        };
}
