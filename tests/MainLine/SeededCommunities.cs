using System.Runtime.CompilerServices;
using System.Text;
using EventArchive.Archives;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Tests.MainLine;

/// <summary>
/// Many small communities as a seeder has them after a while: their torrents of one piece on its disk, and in the store the events of the node
/// <c>maker</c> that cut and announced them and of the seeder that took them over. Or as their maker has them while there is no seeder.
/// </summary>
public static class SeededCommunities
{
    public const string Maker = "maker";

    private const int AtATime = 32;
    private const ulong From = 1_700_006_400;
    private const uint Week = 604_800;

    private static readonly ContentTopic Topic = ContentTopic.Parse("0x01020304");

    public static CommunityId Id(int number) => CommunityId.Parse($"0x02{number:x64}");

    /// <summary>Makes the communities of the numbers from 0. The database is made ready first.</summary>
    /// <param name="holder">Whose disk they are on.</param>
    /// <param name="count">How many.</param>
    /// <param name="seeded">False: the holder is the maker, and nobody seeds them yet.</param>
    /// <param name="cancellation">Ends the making.</param>
    public static async Task Make(ServiceNodeSettings holder, int count, bool seeded, CancellationToken cancellation)
    {
        Directory.CreateDirectory(holder.Archives);
        await using var source = PostgresDataSource.Create(holder.Database);
        await Database.Of(source).Apply(agreed: false, cancellation);
        using var marten = Database.StoreOf(source);
        var store = new CommunityStore(marten, TimeProvider.System);
        var tree = new ArchiveTree(new ArchiveTreeOptions { Root = holder.Archives }, NullLogger<ArchiveTree>.Instance);
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            several,
            async (number, token) =>
            {
                var cut = await Cut(tree, Id(number), token);
                var peer = PeerAddress.Parse($"127.0.0.1:{holder.TorrentPort}");
                var created = Created(cut, seeded ? Maker : holder.Name, seeded ? null : peer);
                IReadOnlyList<IEvent> events = seeded ? [.. created, .. Seeded(cut.Torrent, holder.Name, peer)] : created;
                await using var work = await store.Begin(Id(number), Guid.CreateVersion7(), token);
                if (await work.Commit(new Decision(events, "Test", "test"), token) is null)
                    throw new InvalidOperationException($"The events of community {number} are there already.");
            }
        );
    }

    private static async Task<Cut> Cut(ArchiveTree tree, CommunityId community, CancellationToken cancellation)
    {
        var plan = new CutPlan(community, From, From + Week, Week, [Topic], Parent: null, CommittedBytes: 0);
        return (await tree.Cut(plan, One, cancellation)).Made!;

        async IAsyncEnumerable<ArchivedMessage> One(CutWindow window, [EnumeratorCancellation] CancellationToken token)
        {
            await Task.CompletedTask.WaitAsync(token);
            // Of its own, so that every torrent is another one.
            var hash = Keccak256.Hash(Encoding.ASCII.GetBytes(community.ToString()));
            yield return new ArchivedMessage(new byte[65], window.From, Topic, hash, [], hash, "");
        }
    }

    private static IReadOnlyList<IEvent> Created(Cut cut, string node, PeerAddress? peer)
    {
        var (id, hash, magnet) = (cut.Torrent.CommunityId, cut.Torrent.InfoHash, cut.Torrent.Magnetlink);
        return
        [
            new HistoryArchivesEnabled(id, ControlNode: true, PubsubTopic.Default, [Topic]),
            new ArchiveCreationStarted(id, From, From + Week, Week, [Topic], 0, Parent: null, 0),
            new ArchiveCreated(
                id,
                From,
                From + Week,
                hash,
                magnet,
                cut.Added,
                cut.ArchiveCount,
                cut.DataBytes,
                cut.Messages,
                [],
                node,
                peer
            ),
        ];
    }

    private static IReadOnlyList<IEvent> Seeded(TorrentContent torrent, string seeder, PeerAddress peer)
    {
        var (id, hash, magnet, clock) = (torrent.CommunityId, torrent.InfoHash, torrent.Magnetlink, new Clock(1_700_000_000_000));
        return
        [
            new SeedingStarted(id, hash, seeder, peer),
            new AnnouncementPrepared(id, clock, hash, magnet, [1]),
            new MagnetlinkPublished(id, clock, hash, magnet, PubsubTopic.Default, ["/waku/1/0x01020304/rfc26"]),
        ];
    }
}
