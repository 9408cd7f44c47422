using System.Text;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>Values and events that tests share. A number stands for a torrent, an archive or a peer.</summary>
internal static class Sample
{
    public const uint Week = 604_800;
    public const long PieceBytes = 102_400;
    public const long HighestNumber = 42;

    /// <summary>Ends of weekly windows before <see cref="Now"/>, Unix seconds.</summary>
    public const ulong T0 = 1_698_000_000;
    public const ulong T1 = T0 + Week;
    public const ulong T2 = T1 + Week;
    public const ulong T3 = T2 + Week;

    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    public static readonly Clock NowClock = new(1_700_000_000_000);

    public static readonly CommunityId Id = CommunityId.Parse("0x02" + new string('a', 64));
    public static readonly ContentTopic General = ContentTopic.Parse("0x00000001");
    public static readonly ContentTopic Offtopic = ContentTopic.Parse("0x00000002");
    public static readonly byte[] Signed = [1, 2, 3];

    public static readonly HistoryArchivesEnabled Enabled = new(Id, ControlNode: true, PubsubTopic.Default, [General]);
    public static readonly HistoryArchivesEnabled Member = new(Id, ControlNode: false, PubsubTopic.Default, []);

    /// <summary>A stand-in for the community's key: deterministic, as RFC 6979 is.</summary>
    public static byte[] Sign(Clock clock, Magnetlink magnetlink) => Encoding.UTF8.GetBytes($"{clock} {magnetlink}");

    public static InfoHash Hash(int torrent) => InfoHash.Parse($"{torrent:x40}");

    public static ArchiveId Archive(int archive) => ArchiveId.Parse($"0x{archive:x64}");

    public static PeerAddress Peer(int peer) => PeerAddress.Parse($"192.0.2.{peer}:9025");

    public static Magnetlink Magnet(int torrent, params int[] peers) => Magnetlink.Of(Hash(torrent), Id, []).WithPeers(peers.Select(Peer));

    public static ArchiveEntry Entry(int archive, ulong from = T0, ulong to = T1) =>
        new(Archive(archive), from, to, Offset: 0, Size: PieceBytes, Padding: 7);

    public static long DataBytes(int torrent) => torrent * PieceBytes;

    /// <summary>As if weekly cuts had gone before since T0.</summary>
    public static ArchiveCreationStarted Cutting(ulong from = T0, ulong to = T1, int? parent = null) =>
        new(
            Id,
            from,
            to,
            Week,
            [General],
            HighestNumber,
            parent is { } p ? Hash(p) : null,
            parent is { } q ? DataBytes(q) : 0,
            from >= T1 ? [new ClosedWindows(T0, from, Week)] : [],
            from >= T1 ? [Taken(from)] : []
        );

    public static TakenMessages Taken(ulong to, long number = HighestNumber, params ContentTopic[] topics) =>
        new(From: 0, to, number, topics.Length > 0 ? topics : [General]);

    public static ArchiveCreated Created(int torrent, ulong from = T0, ulong to = T1) =>
        new(
            Id,
            from,
            to,
            Hash(torrent),
            Magnet(torrent),
            [Entry(torrent, from, to)],
            torrent,
            DataBytes(torrent),
            Messages: 5,
            [new SetAsideMessage("0x01", "too large")],
            "a",
            Peer(1)
        );

    public static SeedingStarted Seeding(int torrent, string node = "a", int? peer = 1) =>
        new(Id, Hash(torrent), node, peer is { } p ? Peer(p) : null);

    public static SeedingStopped Stopped(int torrent, int left, string node = "a", StoppedBecause reason = StoppedBecause.NodeRetired) =>
        new(Id, Hash(torrent), node, reason, left);

    public static AnnouncementRequested Requested(int torrent, AnnouncementReason reason = AnnouncementReason.FirstSeeding) =>
        new(Id, Hash(torrent), reason);

    public static AnnouncementPrepared Prepared(Clock clock, int torrent, params int[] peers) =>
        new(Id, clock, Hash(torrent), Magnet(torrent, peers), Sign(clock, Magnet(torrent, peers)));

    public static MagnetlinkPublished Published(Clock clock, int torrent, params int[] peers) =>
        new(Id, clock, Hash(torrent), Magnet(torrent, peers), PubsubTopic.Default, ["/waku/1/0x01020304/rfc26"]);

    public static MagnetlinkReceived Received(Clock clock, int torrent) => new(Id, clock, Hash(torrent), Magnet(torrent), Signed);

    public static MagnetlinkIgnored Ignored(Clock clock, int torrent, IgnoredBecause reason) => new(Id, clock, Hash(torrent), reason);

    public static DownloadStarted Downloading(int torrent, params int[] peers) => new(Id, Hash(torrent), Magnet(torrent, peers));

    public static ArchivesDownloaded ArchivesDownloaded(int torrent, int total, params int[] archives) =>
        new(Id, Hash(torrent), [.. archives.Select(Archive)], total);

    public static DownloadCompleted Downloaded(int torrent, int archiveCount) => new(Id, Hash(torrent), archiveCount, DataBytes(torrent));

    public static ImportStarted Importing(int torrent, params int[] archives) => new(Id, Hash(torrent), [.. archives.Select(Archive)]);

    public static ArchivesImported ArchivesImported(int torrent, params int[] archives) =>
        new(Id, Hash(torrent), [.. archives.Select(Archive)], Messages: 10, Repeats: 1);

    /// <summary>Archives of a torrent, each with the key of its own number.</summary>
    public static ArchivesParked Parked(int torrent, params int[] archives) =>
        new(Id, Hash(torrent), [.. archives.Select(archive => new ParkedArchive(Archive(archive), Key(archive)))]);

    public static RatchetKeyId Key(int key) => RatchetKeyId.Parse($"0x{key:x64}");

    public static HistoryImported Imported(int torrent) => new(Id, Hash(torrent));

    /// <summary>A control node whose first torrent is seeded by node a and announced.</summary>
    public static IEvent[] Announced(Clock clock) =>
        [Enabled, Cutting(), Created(1), Seeding(1), Requested(1), Prepared(clock, 1, 1), Published(clock, 1, 1)];

    /// <summary>A member that has taken in a torrent with one archive, both of that number, and seeds it.</summary>
    public static IEvent[] Followed(Clock clock, int torrent) =>
        [
            Member,
            Received(clock, torrent),
            Downloading(torrent),
            ArchivesDownloaded(torrent, 1, torrent),
            Downloaded(torrent, 1),
            Importing(torrent, torrent),
            ArchivesImported(torrent, torrent),
            Imported(torrent),
            Seeding(torrent, "m"),
        ];
}
