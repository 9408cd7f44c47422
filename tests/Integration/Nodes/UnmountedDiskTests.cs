using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Tests.MainLine;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

/// <summary>The disk of a seeding node is really unmounted, with its files open, and mounted again.</summary>
public sealed class UnmountedDiskTests : IAsyncLifetime
{
    private const int Count = 3;

    private LoneSeeder seeder = null!;
    private BoundFolder disk = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        seeder = await LoneSeeder.Prepare(
            nameof(UnmountedDiskTests),
            new("Node__SeedSweep", "00:00:00.5"),
            new("Node__AwayAfter", "00:00:10"),
            new("Node__SeederLimit", "00:00:00.5"),
            new("BitTorrent__DiskCheckInterval", "00:00:00.3")
        );
        Directory.CreateDirectory(seeder.Settings.Archives);
        disk = new BoundFolder(seeder.Sub("disk"), seeder.Settings.Archives).Mount();
        await SeededCommunities.Make(seeder.Settings, Count, seeded: true, Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        disk.Dispose();
        return seeder.DisposeAsync();
    }

    [Fact]
    public async Task Seeding_stops_with_its_reason_fetches_nothing_in_place_of_the_files_and_goes_on_when_they_are_back()
    {
        var settings = seeder.Settings;
        var before = Snapshot();
        await using (var node = await ServiceNode.Start(settings, Cancellation))
        {
            var rows = await LoneSeeder.UntilServing(node, Count);
            // Somebody fetches, so that the files are open when the disk goes.
            await Fetch(rows, "first");

            disk.Unmount();
            await UntilFaults(node, faults => faults.Contains("archive_root_missing: ") && faults.Contains("not_served: "));
            rows = await LoneSeeder.UntilServing(node, 0);
            rows.Count.ShouldBe(Count);
            rows.ShouldAllBe(row => IsWholeOrUnknown(row), "what is away is not 0 %");
            (await Verb.RunWith(settings, null, "seeding")).Output.ShouldNotContain(" %");
            Directory.EnumerateFileSystemEntries(settings.Archives).ShouldBeEmpty("the mount point stays as it was");

            disk.Mount();
            rows = await LoneSeeder.UntilServing(node, Count);
            await UntilFaults(node, faults => !faults.Contains("archive_root_missing: ") && !faults.Contains("not_served: "));
            await Fetch(rows, "second");
            (await node.Stop(Cancellation)).ShouldBe(0);
        }
        Snapshot().ShouldBe(before, "no file was written again");

        disk.MakeReadOnly();
        await using var again = await ServiceNode.Start(settings, Cancellation);
        await Fetch(await LoneSeeder.UntilServing(again, Count), "third");
        await UntilFaults(again, faults => faults.Contains("archive_root_read_only: "));
        disk.MakeWritable();
        await UntilFaults(again, faults => !faults.Contains("archive_root_read_only: "));
        (await again.Stop(Cancellation)).ShouldBe(0);
    }

    /// <summary>Contents' sizes and times, of what the torrents consist of.</summary>
    private List<string> Snapshot() =>
        [
            .. Directory
                .EnumerateFiles(seeder.Settings.Archives, "*", SearchOption.AllDirectories)
                .Where(path => !Path.GetFileName(path).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .Select(path => $"{path} {new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}"),
        ];

    private static bool IsWholeOrUnknown(JsonElement row) =>
        row.GetProperty("doneBytes") is not { ValueKind: JsonValueKind.Number } done
        || done.GetInt64() == row.GetProperty("totalBytes").GetInt64();

    /// <summary>A stranger gets one of the torrents from the node.</summary>
    private async Task Fetch(IReadOnlyList<JsonElement> rows, string stranger)
    {
        var (community, magnet) = (LoneSeeder.CommunityOf(rows[0]), seeder.MagnetOf(rows[0]));
        await using var engine = await Engine.Start(new BitTorrentOptions { MetadataTimeout = LoneSeeder.Limit });
        var info = await engine.FetchMetadata(magnet, Cancellation);
        var torrent = new TorrentContent(
            community,
            magnet.InfoHash,
            magnet,
            RandomTorrent.TorrentFile(info),
            seeder.Sub(stranger),
            $"{community}/data",
            $"{community}/index.{magnet.InfoHash}"
        );
        Directory.CreateDirectory(Path.GetDirectoryName(torrent.DataPath)!);
        await engine.Download(torrent, magnet.Peers, new Reports(), Cancellation);
        torrent.Data().ShouldBe(await File.ReadAllBytesAsync(Path.Combine(seeder.Settings.Archives, torrent.DataFile), Cancellation));
    }

    private static Task UntilFaults(ServiceNode node, Func<string, bool> condition) =>
        Deadline.Until(
            "health says so",
            async () =>
            {
                using var ready = await node.Get("health/ready", Cancellation);
                var answer = await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
                return condition(string.Join('\n', answer.GetProperty("faults").EnumerateArray()));
            },
            LoneSeeder.Limit,
            Cancellation
        );
}
