using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Tests.Contract;

/// <summary>One believable event of every type, and of those with nullable or extreme fields a second one.</summary>
public static class EventSamples
{
    public static readonly CommunityId Community = CommunityId.Parse("0x02" + new string('a', 64));
    public static readonly InfoHash InfoHash = InfoHash.Parse(new string('1', 40));
    public static readonly InfoHash OlderInfoHash = InfoHash.Parse(new string('2', 40));
    public static readonly ContentTopic Topic = ContentTopic.Parse("0x01020304");
    public static readonly ArchiveId Archive = ArchiveId.Parse("0x" + new string('b', 64));
    public static readonly Magnetlink Magnetlink = Magnetlink.Of(InfoHash, Community, ["udp://tracker.example:1337/announce"]);
    public static readonly PeerAddress Peer = PeerAddress.Parse("127.0.0.1:9025");
    public static readonly ArchiveEntry Entry = new(Archive, 1_700_000_000, 1_700_604_800, 0, 102_400, 1_234);
    public static readonly RatchetKeyId RatchetKey = RatchetKeyId.Parse("0x" + new string('e', 64));
    public static readonly Clock Clock = new(1_700_604_800_123);

    public static IReadOnlyList<IEvent> All { get; } =
    [
        new HistoryArchivesEnabled(Community, ControlNode: true, PubsubTopic.Default, [Topic]),
        new HistoryArchivesEnabled(Community, ControlNode: false, PubsubTopic.Default, [Topic], EncryptedAfter: 0),
        new HistoryArchivesEnabled(Community, ControlNode: true, PubsubTopic.Default, [Topic], ChatIds: ["general"]),
        new ChannelsChanged(Community, [Topic, ContentTopic.Parse("0xffffffff")]),
        new ChannelsChanged(Community, [Topic], new Clock(1_700_000_000_000)),
        new ChannelsChanged(Community, [Topic], ChatIds: ["general"]),
        new ChannelsChanged(Community, [Topic], DescriptionRevision: 7, PubsubTopic: new PubsubTopic(16, 64)),
        new ArchiveCreationStarted(Community, 1_700_000_000, 1_700_604_800, 604_800, [Topic], 4_321, OlderInfoHash, 204_800),
        new ArchiveCreationStarted(Community, 0, ulong.MaxValue, uint.MaxValue, [], long.MaxValue, Parent: null, 0),
        new ArchiveCreationStarted(
            Community,
            1_700_000_000,
            1_700_604_800,
            604_800,
            [Topic],
            4_321,
            OlderInfoHash,
            204_800,
            [new ClosedWindows(1_699_395_200, 1_700_000_000, 604_800)],
            [new TakenMessages(0, 1_700_000_000, 4_000, [Topic])]
        ),
        new ArchiveCreationStarted(
            Community,
            1_700_000_000,
            1_700_604_800,
            604_800,
            [Topic],
            4_321,
            OlderInfoHash,
            204_800,
            [new ClosedWindows(1_699_395_200, 1_700_000_000, 604_800)],
            [new TakenMessages(0, 1_700_000_000, 4_000, [Topic])],
            new ArchiveSealing(RatchetKey, uint.MaxValue, 1_699_395_200, ParentSealed: true)
        ),
        new ArchiveCreated(
            Community,
            1_700_000_000,
            1_700_604_800,
            InfoHash,
            Magnetlink,
            [Entry],
            12,
            1_228_800,
            987,
            [new SetAsideMessage("0x" + new string('c', 64), "Larger than an archive may be.")],
            "node-1",
            Peer
        ),
        new ArchiveCreated(Community, 0, 1, InfoHash, Magnetlink, [], 0, 0, 0, [], "node-1", Peer: null),
        new ArchiveSkipped(Community, 1_700_604_800, 1_701_209_600),
        new ArchiveSkipped(Community, 1, 2, [new SetAsideMessage("0x" + new string('d', 64), "Its hash is not its own.")]),
        new ArchiveCreationFailed(Community, 1_700_604_800, 1_701_209_600, "The disk is full."),
        new SeedingStarted(Community, InfoHash, "node-2", Peer),
        new SeedingStarted(Community, InfoHash, "node-2", Peer: null),
        new SeedingStopped(Community, InfoHash, "node-2", StoppedBecause.TakenOver, 3),
        new AnnouncementRequested(Community, InfoHash, AnnouncementReason.Command),
        new AnnouncementPrepared(Community, Clock, InfoHash, Magnetlink, [0, 1, 2, 254, 255]),
        new MagnetlinkPublished(Community, Clock, InfoHash, Magnetlink, new PubsubTopic(16, 128), [Topic.Name]),
        new AnnouncementFailed(Community, Clock, InfoHash, "No Waku node answered."),
        new MagnetlinkReceived(Community, new Clock(ulong.MaxValue), InfoHash, Magnetlink, [7]),
        new MagnetlinkIgnored(Community, Clock.Zero, InfoHash, IgnoredBecause.ClockTooFarAhead),
        new DownloadStarted(Community, InfoHash, Magnetlink),
        new ArchivesDownloaded(Community, InfoHash, [Archive], 12),
        new DownloadCompleted(Community, InfoHash, 12, 1_228_800),
        new DownloadCompleted(Community, InfoHash, 12, 1_228_800, "node-1", Peer),
        new DownloadFailed(Community, InfoHash, "Größe \"falsch\": <index> ≠ \u2028 😀"),
        new DownloadParked(Community, InfoHash, RatchetKey),
        new DownloadCancelled(Community, OlderInfoHash, InfoHash),
        new ImportStarted(Community, InfoHash, [Archive]),
        new ArchivesImported(Community, InfoHash, [Archive], 900, 87),
        new ArchiveQuarantined(Community, InfoHash, Archive, "Its message hashes differ."),
        new ArchivesParked(Community, InfoHash, [new ParkedArchive(Archive, RatchetKey)]),
        new HistoryImported(Community, InfoHash),
        new HistoryGapFound(Community, [Topic], 1_700_000_000, 1_700_604_800, "No store node answered."),
        new HistoryGapFilled(Community, [Topic], 1_700_000_000, 1_700_604_800),
    ];

    /// <summary>A small event that says which one it is.</summary>
    public static IEvent Numbered(int number) => new ArchiveSkipped(Community, (ulong)number, (ulong)number + 1);
}
