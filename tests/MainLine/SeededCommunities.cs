using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using EventArchive.Archives;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Tests.MainLine;

/// <summary>
/// Many small communities as a seeder has them after a while: their torrents of one piece on its disk, and in the store the events of the node
/// <c>maker</c> that cut and announced them and of the seeder that took them over.
/// </summary>
public static class SeededCommunities
{
    public const string Maker = "maker";

    private const int IndexBytes = 20_000;
    private const int AtATime = 32;
    private const ulong From = 1_700_006_400;
    private const uint Week = 604_800;

    public static CommunityId Id(int number) => CommunityId.Parse($"0x02{number:x64}");

    /// <summary>Makes the communities of the numbers from 0. The database is made ready first.</summary>
    public static async Task Make(ServiceNodeSettings seeder, int count, CancellationToken cancellation)
    {
        Directory.CreateDirectory(seeder.Archives);
        await using var source = PostgresDataSource.Create(seeder.Database);
        await new Database(source).Apply(cancellation);
        var store = new PostgresEventStore(source, TimeProvider.System);
        var tree = new ArchiveTree(new ArchiveTreeOptions { Root = seeder.Archives }, NullLogger<ArchiveTree>.Instance);
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            several,
            async (number, token) =>
            {
                var torrent = await Keep(tree, Id(number), new Random(number), token);
                var peer = PeerAddress.Parse($"127.0.0.1:{seeder.TorrentPort}");
                var append = new Append(
                    Community.StreamId(Id(number)),
                    ExpectedVersion: 0,
                    Events(torrent, seeder.Name, peer),
                    Guid.CreateVersion7(),
                    "Test"
                );
                if (await store.Append(append, token) is not AppendResult.Appended)
                    throw new InvalidOperationException($"The events of community {number} are there already.");
            }
        );
    }

    /// <summary>Takes a torrent in as a download does.</summary>
    private static async Task<TorrentContent> Keep(ArchiveTree tree, CommunityId community, Random random, CancellationToken cancellation)
    {
        var (data, index) = (new byte[ArchiveEntry.PieceBytes], new byte[IndexBytes]);
        random.NextBytes(data);
        random.NextBytes(index);
        var file = TorrentFile.Make(community, data.Length, index.Length, [.. Sha1(data), .. Sha1(index)]);
        var torrent = await tree.Accept(file.Magnetlink, community, file.Info, cancellation);
        await File.WriteAllBytesAsync(torrent.DataPath, data, cancellation);
        await File.WriteAllBytesAsync(torrent.IndexPath, index, cancellation);
        await tree.Complete(torrent, cancellation);
        return torrent;
    }

    [SuppressMessage("Security", "CA5350", Justification = "BEP 3 says SHA-1.")]
    private static byte[] Sha1(byte[] piece) => SHA1.HashData(piece);

    private static IReadOnlyList<IEvent> Events(TorrentContent torrent, string seeder, PeerAddress peer)
    {
        var (id, hash, magnet) = (torrent.CommunityId, torrent.InfoHash, torrent.Magnetlink);
        var topic = ContentTopic.Parse("0x01020304");
        var archive = new ArchiveEntry(
            ArchiveId.Parse($"0x{Convert.ToHexStringLower(Keccak256.Hash(hash.ToBytes()))}"),
            From,
            From + Week,
            0,
            ArchiveEntry.PieceBytes,
            0
        );
        var clock = new Clock(1_700_000_000_000);
        return
        [
            new HistoryArchivesEnabled(id, ControlNode: true, PubsubTopic.Default, [topic]),
            new ArchiveCreationStarted(id, From, From + Week, Week, [topic], 0, Parent: null, 0),
            new ArchiveCreated(id, From, From + Week, hash, magnet, [archive], 1, ArchiveEntry.PieceBytes, 1, [], Maker, Peer: null),
            new SeedingStarted(id, hash, seeder, peer),
            new AnnouncementPrepared(id, clock, hash, magnet, [1]),
            new MagnetlinkPublished(id, clock, hash, magnet, PubsubTopic.Default, ["/waku/1/0x01020304/rfc26"]),
        ];
    }
}
