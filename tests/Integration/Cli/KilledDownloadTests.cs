using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>Kills <c>eventarchive download</c> at random bytes; what it has is never fetched again.</summary>
public sealed class KilledDownloadTests : IDisposable
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 50 : 5;

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_download_killed_at_any_byte_ends_in_the_same_files_and_fetches_less_than_a_piece_twice_per_kill()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (seeded, fetched) = (folder.Sub("seeded"), Path.Combine(folder.Path, "fetched"));
        var built = await Verb.Run("archive", "build", Repository.File("infra", "messages", "community.json"), "--out", seeded, "--json");
        var community = built.ShouldSucceed().Json.GetProperty("communityId").GetString()!;
        var magnet = built.Json.GetProperty("magnet").GetString()!;
        await using var seeding = await Seeding.Start(seeded, Cancellation);
        var owner = PeerAddress.Parse(seeding.Peer);

        long sent = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var relay = new Relay(owner, letThrough: random.Next(1, 2 * RandomTorrent.PieceBytes));
            await using var download = Verb.Start("download", magnet, "--peer", $"{relay.Peer}", "--out", fetched);
            await Eventually.Is(() => relay.Holds || download.HasExited, "it is under way");
            download.Kill();
            await download.Exit(TimeSpan.FromSeconds(30), Cancellation);
            sent += relay.Passed;
        }
        await using var open = new Relay(owner, long.MaxValue);
        (await Verb.Run("download", magnet, "--peer", $"{open.Peer}", "--out", fetched)).ShouldSucceed();
        sent += open.Passed;

        long size = 0;
        foreach (var file in new[] { "data", "index" })
        {
            var path = Path.Combine(seeded, community, file);
            size += new FileInfo(path).Length;
            VectorFile.Sha256(Path.Combine(fetched, community, file)).ShouldBe(VectorFile.Sha256(path), file);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{size} bytes, {sent} sent, {(sent - size) / Kills} twice per kill");
        sent.ShouldBeLessThan(size + (Kills * RandomTorrent.PieceBytes), $"seed {seed}");
    }
}
