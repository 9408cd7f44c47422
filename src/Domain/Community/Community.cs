using System.Collections.Immutable;
using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>
/// One community's history, from the first recorded message to the announced torrent, and from a heard announcement to imported messages. It is
/// stored with every command: what grows with each archive or message does not belong here, and is a fact of the decision.
/// </summary>
public sealed partial record Community
{
    // Before Initial, which is made with it: fields are set in the order in which they stand.
    private static readonly ImmutableSortedDictionary<string, PeerAddress?> NoSeeders = ImmutableSortedDictionary.Create<
        string,
        PeerAddress?
    >(StringComparer.Ordinal);

    public static readonly Community Initial = new();

    public CommunityId? Id { get; init; }
    public bool ControlNode { get; init; }
    public PubsubTopic PubsubTopic { get; init; } = PubsubTopic.Default;
    public IReadOnlyList<ContentTopic> ContentTopics { get; init; } = [];

    /// <summary>The index and every archive whose window ends after this second are encrypted; null: nothing is.</summary>
    public ulong? EncryptedAfter { get; init; }

    /// <summary>The channels as Status names them, as far as they are known.</summary>
    public IReadOnlyList<string> ChatIds { get; init; } = [];

    /// <summary>What was missed on each channel and no store node could tell.</summary>
    public IReadOnlyList<HistoryGap> Gaps { get; init; } = [];

    /// <summary>Every window before this second is closed.</summary>
    public ulong? ArchivedUntil { get; init; }

    /// <summary>The closed windows, oldest first and without a gap.</summary>
    public IReadOnlyList<ClosedWindows> ClosedWindows { get; init; } = [];

    /// <summary>What the cuts took. A message before ArchivedUntil that is not among them is late.</summary>
    public IReadOnlyList<TakenMessages> TakenMessages { get; init; } = [];

    /// <summary>The cut that is decided and not reported.</summary>
    public ArchiveCreationStarted? Cutting { get; init; }

    /// <summary>The community's present torrent, complete on disk.</summary>
    public Torrent? Torrent { get; init; }

    /// <summary>Who serves the present torrent, and where.</summary>
    public ImmutableSortedDictionary<string, PeerAddress?> Seeders { get; init; } = NoSeeders;

    /// <summary>The torrent that each node has begun to serve last, be it the present one or not, and has not stopped to serve.</summary>
    public ImmutableSortedDictionary<string, InfoHash> Serving { get; init; } =
        ImmutableSortedDictionary.Create<string, InfoHash>(StringComparer.Ordinal);

    /// <summary>The announcement that is asked for and not signed.</summary>
    public AnnouncementRequested? Requested { get; init; }

    /// <summary>The announcement that is signed and not reported.</summary>
    public AnnouncementPrepared? Announcing { get; init; }

    /// <summary>The torrent announced last: each is announced once without being asked.</summary>
    public InfoHash? LastAnnounced { get; init; }

    /// <summary>The clock of the last announcement that was made here.</summary>
    public Clock LastClock { get; init; }

    /// <summary>The highest clock the community's key has signed, as far as is known here.</summary>
    public Clock HighestClock { get; init; }

    /// <summary>The magnet that came with the highest clock.</summary>
    public Magnetlink? HighestMagnetlink { get; init; }

    /// <summary>The clock in the community's description; whoever publishes an announcement writes its clock there.</summary>
    public Clock? DescriptionClock { get; init; }

    /// <summary>The own clock of the community's description that was heeded last; null: none was.</summary>
    public ulong? DescriptionRevision { get; init; }

    public DownloadStarted? Downloading { get; init; }

    /// <summary>The key without which the index of the download cannot be read.</summary>
    public RatchetKeyId? DownloadAwaits { get; init; }

    /// <summary>Archives of the download that were reported; empty when it is over.</summary>
    public ImmutableHashSet<ArchiveId> Downloaded { get; init; } = [];
    public Torrent? Importing { get; init; }

    /// <summary>Archives of the import that are neither imported nor left out; empty when it is over.</summary>
    public ImmutableHashSet<ArchiveId> ToImport { get; init; } = [];

    /// <summary>Archives of the import, or of the present torrent, whose keys are not here: of one torrent at most, and empty when they came.</summary>
    public ImmutableHashSet<ParkedArchive> Parked { get; init; } = [];

    /// <exception cref="CommandRefused">A rule says no.</exception>
    public static IReadOnlyList<IEvent> Decide(ICommand command, Community community, Facts facts) =>
        (command, community.Id) switch
        {
            (EnableHistoryArchives c, _) => Decide(c, community, facts),
            (_, null) => throw new CommandRefused(
                "unknown_community",
                $"Community {command.CommunityId} is not known here: send EnableHistoryArchives first."
            ),
            (ChangeChannels c, _) => Decide(c, community, facts),
            (CreateArchive c, _) => Decide(c, community, facts),
            (CompleteArchive c, _) => Decide(c, community),
            (FailArchiveCreation c, _) => Decide(c, community),
            (ConfirmSeeding c, _) => Decide(c, community),
            (ReportSeedingStopped c, _) => Decide(c, community),
            (AnnounceArchive c, _) => Decide(c, community),
            (PrepareAnnouncement c, _) => Decide(c, community, facts),
            (ConfirmAnnouncement c, _) => Decide(c, community),
            (FailAnnouncement c, _) => Decide(c, community),
            (ReceiveMagnetlink c, _) => Decide(c, community, facts),
            (RestoreArchive c, _) => Decide(c, community),
            (ReportArchivesDownloaded c, _) => Decide(c, community),
            (CompleteDownload c, _) => Decide(c, community, facts),
            (FailDownload c, _) => Decide(c, community),
            (ReportArchivesImported c, _) => Decide(c, community),
            (QuarantineArchive c, _) => Decide(c, community),
            (ParkDownload c, _) => Decide(c, community),
            (ParkArchives c, _) => Decide(c, community),
            (ResumeImport c, _) => Decide(c, community),
            (ReportHistoryGap c, _) => Decide(c, community),
            (ReportHistoryFilled c, _) => Decide(c, community),
            _ => throw new CommandRefused("unknown_command", $"{command.GetType().Name} is not a command about a community."),
        };

    public static Community Evolve(Community community, IEvent @event) =>
        @event switch
        {
            HistoryArchivesEnabled e => community with
            {
                Id = e.CommunityId,
                ControlNode = e.ControlNode,
                PubsubTopic = e.PubsubTopic,
                ContentTopics = e.ContentTopics,
                EncryptedAfter = e.EncryptedAfter,
                ChatIds = e.ChatIds ?? [],
            },
            ChannelsChanged e => community.Evolve(e),
            ArchiveCreationStarted e => community with { Cutting = e },
            ArchiveCreated e => community.Close(e.To) with
            {
                Torrent = new Torrent(e.InfoHash, e.Magnetlink, e.DataBytes, e.Node, e.Peer, community.Cutting?.Sealing is not null),
                Seeders = NoSeeders,
                Requested = null,
            },
            ArchiveSkipped e => community.Close(e.To),
            ArchiveCreationFailed => community with { Cutting = null },
            SeedingStarted e => community with
            {
                Seeders = community.Seeders.SetItem(e.Node, e.Peer),
                Serving = community.Serving.SetItem(e.Node, e.InfoHash),
            },
            SeedingStopped e => community.Evolve(e),
            AnnouncementRequested e => community with { Requested = e },
            AnnouncementPrepared e => community with
            {
                Requested = null,
                Announcing = e,
                LastAnnounced = e.InfoHash,
                LastClock = e.Clock,
                HighestClock = e.Clock,
                HighestMagnetlink = e.Magnetlink,
            },
            MagnetlinkPublished e => community with { Announcing = null, DescriptionClock = e.Clock },
            AnnouncementFailed => community with { Announcing = null },
            MagnetlinkReceived e => community with { HighestClock = e.Clock, HighestMagnetlink = e.Magnetlink },
            MagnetlinkIgnored { Reason: IgnoredBecause.OwnMessage } e => community with
            {
                HighestClock = e.Clock,
                HighestMagnetlink = null,
            },
            DownloadStarted e => community with
            {
                Downloading = e,
                DownloadAwaits = null,
                Downloaded = [],
                Importing = null,
                ToImport = [],
                // Its import takes them up again.
                Parked = [],
            },
            DownloadParked e => community with { DownloadAwaits = e.MissingKey },
            ArchivesDownloaded e => community with { Downloaded = community.Downloaded.Union(e.Archives) },
            DownloadCompleted e => community.Evolve(e),
            DownloadFailed or DownloadCancelled => community with { Downloading = null, DownloadAwaits = null, Downloaded = [] },
            ImportStarted e => community with
            {
                // None under way: those of the present torrent that were parked are taken up again.
                Importing = community.Importing ?? community.Torrent,
                ToImport = [.. e.Archives],
                Parked = [],
            },
            ArchivesParked e => community with
            {
                ToImport = community.ToImport.Except(e.Archives.Select(parked => parked.Archive)),
                Parked = community.Parked.Union(e.Archives),
            },
            ArchivesImported e => community with { ToImport = community.ToImport.Except(e.Archives) },
            ArchiveQuarantined e => community with { ToImport = community.ToImport.Remove(e.Archive) },
            HistoryImported => community with
            {
                Importing = null,
                // A control node imports its own torrent; a cut that ended meanwhile has made the one that continues it.
                Torrent =
                    community.ControlNode && community.Torrent?.InfoHash != community.Importing?.InfoHash
                        ? community.Torrent
                        : community.Importing,
                Seeders = NoSeeders,
                Requested = null,
                // A control node downloads its own torrent only to restore it, and what is restored is announced anew.
                LastAnnounced = null,
            },
            HistoryGapFound e => community.ChangeGaps(e.ContentTopics, gaps => gaps.With(Range(e.From, e.To))),
            HistoryGapFilled e => community.ChangeGaps(e.ContentTopics, gaps => gaps.Without(Range(e.From, e.To))),
            _ => community,
        };

    /// <summary>The nodes that hold the files of the present torrent; none: nobody has said so.</summary>
    public IReadOnlyCollection<string> FindHolders() =>
        Torrent?.Node is { } node ? [.. Seeders.Keys.Append(node).Distinct(StringComparer.Ordinal)] : [.. Seeders.Keys];

    /// <summary>The stream of a community.</summary>
    public static string StreamId(CommunityId community) => $"community-{community}";

    private void RequireControlNode()
    {
        if (!ControlNode)
            throw new CommandRefused(
                "not_control_node",
                $"Community {Id} is followed here as a member; only its control node cuts and announces."
            );
    }
}
