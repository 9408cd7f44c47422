using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A magnet that is none, and a torrent behind one that is no archive torrent: refused, and nothing is written.</summary>
public sealed class BadMagnetTests : IDisposable
{
    private const string Hash = "a0f92b36a42328f0f0396d0906fec72779741979";

    private readonly TempFolder folder = new();

    private string Out => Path.Combine(folder.Path, "out");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("http://example.org/", "127.0.0.1:9", "magnet:?")]
    [InlineData($"magnet:?xt=urn:btih:{Hash}&dn=holiday+pictures", "127.0.0.1:9", "no community id")]
    [InlineData($"magnet:?xt=urn:btih:{Hash}", "127.0.0.1:9", "no community id")]
    [InlineData("magnet:?dn=0x02", "127.0.0.1:9", "urn:btih")]
    [InlineData($"magnet:?xt=urn:btih:{Hash}&dn=COMMUNITY", "nobody", "--peer is HOST:PORT")]
    [InlineData($"magnet:?xt=urn:btih:{Hash}&dn=COMMUNITY", null, "names no peer")]
    public async Task A_magnet_that_leads_nowhere_is_refused_before_anything_is_written(string magnet, string? peer, string reason)
    {
        string[] from = peer is null ? [] : ["--peer", peer];
        var verb = await Verb.Run([
            "download",
            magnet.Replace("COMMUNITY", RandomTorrent.Community.ToString(), StringComparison.Ordinal),
            "--out",
            Out,
            .. from,
        ]);

        verb.ShouldFail(1, reason);
        Directory.Exists(Out).ShouldBeFalse();
    }

    [Fact]
    public async Task A_torrent_with_other_files_than_data_and_index_is_refused_with_that_rule()
    {
        var made = RandomTorrent.Make(folder.Sub("made"), pieces: 3);
        var (data, passwd) = (made.Data(), made.Index());
        var hashes = data.Concat(passwd).Chunk(RandomTorrent.PieceBytes).SelectMany(piece => RandomTorrent.Sha1(piece)).ToArray();
        var info = RandomTorrent.Info(data.Length, passwd.Length, hashes, "passwd");
        var place = Directory.CreateDirectory(Path.Combine(folder.Sub("foreign"), RandomTorrent.Community.ToString()));
        await File.WriteAllBytesAsync(Path.Combine(place.FullName, "data"), data, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(place.FullName, "passwd"), passwd, TestContext.Current.CancellationToken);
        var torrent = Path.Combine(folder.Path, "other.torrent");
        await File.WriteAllBytesAsync(torrent, RandomTorrent.TorrentFile(info), TestContext.Current.CancellationToken);
        var port = FreePort.Next();
        await using var seeder = ForeignClients.PythonLibtorrent(place.Parent!.FullName, port, torrent);
        await Eventually.Is(() => seeder.Output.Contains("complete", StringComparison.Ordinal), "the foreign program seeds");
        var magnet = Magnetlink.Of(InfoHash.FromBytes(RandomTorrent.Sha1(info)), RandomTorrent.Community, []);

        var verb = await Verb.Run("download", magnet.ToString(), "--peer", $"localhost:{port}", "--out", Out);

        verb.ShouldFail(1, "The files of an archive torrent are data and index", "no other path");
        Directory.Exists(Out).ShouldBeFalse();
    }
}
