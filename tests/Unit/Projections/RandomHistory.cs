using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Tests.Projections;

/// <summary>Histories of several communities as our rules make them: each choice gives the next episode of one of them.</summary>
internal sealed class RandomHistory
{
    public const int Communities = 3;

    private const ulong Week = 604_800;
    private static readonly ContentTopic Topic = ContentTopic.Parse("0x01020304");
    private static readonly PeerAddress Peer = PeerAddress.Parse("127.0.0.1:9025");
    private readonly Dictionary<int, int> episodes = [];
    private int numbers;

    public static CommunityId Id(int community) => CommunityId.Parse($"0x02{community + 1:x64}");

    /// <summary>Never empty, and of one community.</summary>
    public IReadOnlyList<IEvent> Next(int choice)
    {
        choice &= int.MaxValue;
        var community = choice % Communities;
        var id = Id(community);
        var controlNode = community % 2 == 0;
        var episode = episodes[community] = episodes.GetValueOrDefault(community) + 1;
        if (episode == 1)
            return [new HistoryArchivesEnabled(id, controlNode, PubsubTopic.Default, [Topic])];
        var kind = choice / Communities % 7;
        return controlNode ? [.. Cut(id, (ulong)episode * Week, kind)] : [.. Follow(id, kind)];
    }

    private IEnumerable<IEvent> Cut(CommunityId id, ulong from, int kind)
    {
        var number = ++numbers;
        var (clock, to) = (new Clock((ulong)number), from + Week);
        if (kind < 4)
            yield return new ArchiveCreationStarted(id, from, to, (uint)Week, [Topic], number, null, 0);
        switch (kind)
        {
            case 0:
                yield return new ArchiveSkipped(id, from, to);
                break;
            case 1:
                yield return new ArchiveCreationFailed(id, from, to, $"Failure {number}.");
                break;
            case 2 or 3:
                ArchiveEntry[] entries =
                [
                    .. Enumerable.Range(0, kind).Select(n => new ArchiveEntry(Archive(number, n), from, to, 0, 102_400, 7)),
                ];
                yield return new ArchiveCreated(
                    id,
                    from,
                    to,
                    Hash(number),
                    Magnet(id, number),
                    entries,
                    kind,
                    204_800,
                    5,
                    [],
                    "node-1",
                    Peer
                );
                yield return new SeedingStarted(id, Hash(number), $"node-{number % 2}", Peer);
                if (number % 3 == 0)
                    yield return new SeedingStopped(id, Hash(number), $"node-{number % 2}", StoppedBecause.NodeRetired, SeedersLeft: 0);
                yield return new AnnouncementRequested(id, Hash(number), AnnouncementReason.FirstSeeding);
                yield return new AnnouncementPrepared(id, clock, Hash(number), Magnet(id, number), [1, 2]);
                yield return kind == 2
                    ? new MagnetlinkPublished(id, clock, Hash(number), Magnet(id, number), PubsubTopic.Default, [Topic.Name])
                    : new AnnouncementFailed(id, clock, Hash(number), "No node.");
                break;
            case 4:
                yield return new MagnetlinkIgnored(id, clock, Hash(number), IgnoredBecause.OwnMessage);
                break;
            default:
                yield return new ChannelsChanged(id, [Topic], kind == 5 ? clock : null);
                break;
        }
    }

    private IEnumerable<IEvent> Follow(CommunityId id, int kind)
    {
        var number = ++numbers;
        ArchiveId[] archives = [.. Enumerable.Range(0, 1 + (kind % 3)).Select(n => Archive(number, n))];
        if (kind == 6)
        {
            yield return new ChannelsChanged(id, [], new Clock((ulong)number));
            yield break;
        }
        yield return new MagnetlinkReceived(id, new Clock((ulong)number), Hash(number), Magnet(id, number), [7]);
        yield return new DownloadStarted(id, Hash(number), Magnet(id, number));
        yield return new ArchivesDownloaded(id, Hash(number), archives, archives.Length);
        if (kind < 2)
        {
            yield return kind == 0
                ? new DownloadFailed(id, Hash(number), "No peer.")
                : new DownloadCancelled(id, Hash(number), Hash(number + 1));
            yield break;
        }
        yield return new DownloadCompleted(id, Hash(number), archives.Length, 102_400);
        yield return new ImportStarted(id, Hash(number), archives);
        yield return kind == 2
            ? new ArchiveQuarantined(id, Hash(number), archives[0], "Broken.")
            : new ArchivesImported(id, Hash(number), archives, 10, 1);
        yield return new HistoryImported(id, Hash(number));
        yield return new SeedingStarted(id, Hash(number), "node-m", Peer: null);
    }

    private static InfoHash Hash(int number) => InfoHash.Parse($"{number:x40}");

    private static Magnetlink Magnet(CommunityId id, int number) => Magnetlink.Of(Hash(number), id, []);

    private static ArchiveId Archive(int number, int n) => ArchiveId.Parse($"0x{((long)number * 100) + n:x64}");
}
