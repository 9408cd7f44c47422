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
        var (seeded, fetched) = await Build();
        await using var seeding = await Seeding.Start(seeded.Root, Cancellation);

        await KillAndFinish(seeding, seeded.DataBytes + seeded.IndexBytes, Kills, "download", seeded.Magnet, "--out", fetched);

        foreach (var file in new[] { "data", "index" })
            VectorFile.Sha256(Path.Combine(fetched, seeded.Community, file)).ShouldBe(VectorFile.Sha256(seeded.PathOf(file)), file);
    }

    [Fact]
    public async Task Chosen_archives_killed_at_any_byte_end_in_the_same_messages_and_nothing_else_is_fetched()
    {
        var (seeded, fetched) = await Build();
        await using var seeding = await Seeding.Start(seeded.Root, Cancellation);
        var listed = await Verb.Run(
            "download",
            seeded.Magnet,
            "--peer",
            seeding.Peer,
            "--out",
            folder.Sub("listed"),
            "--index-only",
            "--json"
        );
        var chosen = listed.ShouldSucceed().Json.EnumerateArray().Skip(1).Take(3).ToList();
        string[] options = [.. chosen.SelectMany(archive => (string[])["--archive", archive.GetProperty("id").GetString()!])];
        var size = chosen.Sum(archive => archive.GetProperty("size").GetInt64());

        await KillAndFinish(seeding, size + seeded.IndexBytes, (Kills + 1) / 2, ["download", seeded.Magnet, "--out", fetched, .. options]);

        var messages = (await Verb.Run(["archive", "extract", fetched, .. options])).ShouldSucceed().Output;
        messages.ShouldBe((await Verb.Run(["archive", "extract", seeded.Root, .. options])).ShouldSucceed().Output);
        messages.ShouldNotBeEmpty();
        File.Exists(Path.Combine(fetched, seeded.Community + ".torrent")).ShouldBeFalse("the name of what is whole");
        (await Verb.Run("archive", "extract", fetched, "--archive", listed.Json[0].GetProperty("id").GetString()!)).ShouldFailAfterOutput(
            1,
            "does not hold the torrent's bytes"
        );
    }

    private async Task<(Built Seeded, string Fetched)> Build()
    {
        var root = folder.Sub("seeded");
        var built = await Verb.Run("archive", "build", Repository.File("infra", "messages", "community.json"), "--out", root, "--json");
        var json = built.ShouldSucceed().Json;
        return (
            new Built(root, json.GetProperty("communityId").GetString()!, json.GetProperty("magnet").GetString()!),
            Path.Combine(folder.Path, "fetched")
        );
    }

    private static async Task KillAndFinish(Seeding seeding, long size, int kills, params string[] verb)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var owner = PeerAddress.Parse(seeding.Peer);
        long sent = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await using var relay = new Relay(owner, letThrough: random.Next(1, 2 * RandomTorrent.PieceBytes));
            await using var download = Verb.Start([.. verb, "--peer", $"{relay.Peer}"]);
            // What waits in the system's buffers was not fetched yet.
            await Eventually.Is(() => (relay.Holds && relay.IsRead) || download.HasExited, "it is under way");
            download.Kill();
            await download.Exit(TimeSpan.FromSeconds(30), Cancellation);
            sent += relay.Passed;
        }
        await using var open = new Relay(owner, long.MaxValue);
        (await Verb.Run([.. verb, "--peer", $"{open.Peer}"])).ShouldSucceed();
        sent += open.Passed;
        TestContext.Current.TestOutputHelper?.WriteLine($"{size} bytes, {sent} sent, {(sent - size) / kills} twice per kill");
        sent.ShouldBeLessThan(size + (kills * RandomTorrent.PieceBytes), $"seed {seed}");
    }

    private sealed record Built(string Root, string Community, string Magnet)
    {
        public long DataBytes => new FileInfo(PathOf("data")).Length;

        public long IndexBytes => new FileInfo(PathOf("index")).Length;

        public string PathOf(string file) => Path.Combine(Root, Community, file);
    }
}
