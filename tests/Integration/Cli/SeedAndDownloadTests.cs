using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>Archives go from one folder to another by the command line alone.</summary>
public sealed class SeedAndDownloadTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_download_is_byte_identical_checks_whole_and_a_signal_ends_the_seeder_cleanly()
    {
        var (seeded, fetched) = (folder.Sub("seeded"), Path.Combine(folder.Path, "fetched"));
        var built = await Verb.Run("archive", "build", Repository.File("infra", "messages", "community.json"), "--out", seeded, "--json");
        var magnet = built.ShouldSucceed().Json.GetProperty("magnet").GetString()!;
        var community = built.Json.GetProperty("communityId").GetString()!;
        await using var seeding = await Seeding.Start(seeded, Cancellation);

        var downloaded = (await Verb.Run("download", magnet, "--peer", seeding.Peer, "--out", fetched, "--json")).ShouldSucceed().Json;

        downloaded.GetProperty("infoHash").GetString().ShouldBe(built.Json.GetProperty("infoHash").GetString());
        downloaded.GetProperty("archives").GetInt32().ShouldBe(built.Json.GetProperty("archives").GetInt32());
        foreach (var file in new[] { "data", "index" })
            VectorFile
                .Sha256(Path.Combine(fetched, community, file))
                .ShouldBe(VectorFile.Sha256(Path.Combine(seeded, community, file)), file);
        var inspected = (await Verb.Run("archive", "inspect", fetched, "--json")).ShouldSucceed().Json[0];
        inspected
            .GetProperty("archives")
            .EnumerateArray()
            .Sum(archive => archive.GetProperty("messages").GetInt32())
            .ShouldBe(built.Json.GetProperty("messages").GetInt32());
        (await seeding.Signal("TERM", Cancellation)).ShouldBe(0, seeding.Tail);
    }

    [Fact]
    public async Task The_magnet_that_seed_prints_names_the_seeder_and_is_all_that_a_download_needs()
    {
        var vector = new VectorFile("archive-1");
        var seeded = folder.Sub("seeded");
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", seeded)).ShouldSucceed();
        await using var seeding = await Seeding.Start(seeded, Cancellation);

        var downloaded = await Verb.Run("download", seeding.Magnet, "--out", Path.Combine(folder.Path, "fetched"));

        downloaded.ShouldSucceed().Output.ShouldContain(vector.Text("infoHash"));
        (await seeding.Signal("INT", Cancellation)).ShouldBe(0, seeding.Tail);
    }

    [Fact]
    public async Task The_archives_of_a_period_are_fetched_alone_and_a_choice_of_nothing_says_how_to_see_what_there_is()
    {
        var (seeded, fetched) = (folder.Sub("seeded"), Path.Combine(folder.Path, "fetched"));
        (await Verb.Run("archive", "build", Repository.File("infra", "messages", "community.json"), "--out", seeded)).ShouldSucceed();
        await using var seeding = await Seeding.Start(seeded, Cancellation);
        string[] download = ["download", seeding.Magnet, "--out", fetched, "--json"];
        var index = (await Verb.Run([.. download, "--index-only"])).ShouldSucceed().Json.EnumerateArray().ToList();
        var second = index.OrderBy(archive => archive.GetProperty("from").GetUInt64()).ElementAt(1);
        var from = second.GetProperty("from").GetUInt64();
        var to = DateTimeOffset.FromUnixTimeSeconds(second.GetProperty("to").GetInt64());

        var chosen = (await Verb.Run([.. download, "--from", $"{from}", "--to", $"{to:O}"])).ShouldSucceed().Json;

        chosen.GetProperty("archives").GetInt32().ShouldBe(1);
        chosen.GetProperty("ofArchives").GetInt32().ShouldBe(index.Count);
        chosen.GetProperty("dataBytes").GetInt64().ShouldBe(second.GetProperty("size").GetInt64());
        (await Verb.Run([.. download, "--to", "1"])).ShouldFail(1, "None of the", "--index-only");
        (await Verb.Run([.. download, "--archive", "0x" + new string('1', 64)])).ShouldFail(1, "has no archive", "--index-only");
        (await Verb.Run([.. download, "--from", "yesterday"])).ShouldFail(1, "--from", "2026-01-31");
        (await Verb.Run([.. download, "--from", "20", "--to", "10"])).ShouldFail(1, "--from is not before --to");

        var all = (await Verb.Run(download)).ShouldSucceed().Json;
        all.GetProperty("archives").GetInt32().ShouldBe(index.Count);
        (await Verb.Run("archive", "verify", fetched)).ShouldSucceed();
    }
}
