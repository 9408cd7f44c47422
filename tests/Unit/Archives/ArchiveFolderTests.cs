using EventArchive.Archives;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>What the offline commands do with a folder.</summary>
public sealed class ArchiveFolderTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"eventarchive-{Guid.NewGuid():N}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Building_the_same_period_again_appends_its_archives_at_new_offsets_as_status_go_does()
    {
        var folder = ArchiveFolder.OpenOrCreate(path);
        var file = Vector.Read("archive-10").Input();
        var first = (await folder.Build(file, TemporaryTree.Community, Cancellation)).Made!;

        var second = (await folder.Build(file, TemporaryTree.Community, Cancellation)).Made!;

        second.ArchiveCount.ShouldBe(6);
        second.Added.Select(entry => entry.Offset).ShouldBe([307_200, 409_600, 512_000]);
        second.Added.Select(entry => entry.Id).Intersect(first.Added.Select(entry => entry.Id)).ShouldBeEmpty();
        var inspected = (await folder.Inspect(countMessages: true, Cancellation)).ShouldHaveSingleItem();
        inspected.Content.InfoHash.ShouldBe(second.Torrent.InfoHash);
        inspected.Archives.Sum(archive => archive.Messages!.Value).ShouldBe(20);
        inspected.File.DataBytes.ShouldBe(614_400);
    }

    [Fact]
    public async Task Extracting_gives_every_message_with_its_archive()
    {
        var folder = ArchiveFolder.OpenOrCreate(path);
        var cut = (await folder.Build(Vector.Read("archive-partitions").Input(), TemporaryTree.Community, Cancellation)).Made!;

        var messages = await folder.Extract(Cancellation).ToListAsync(Cancellation);

        messages.Count.ShouldBe((int)cut.Messages);
        messages.Select(message => message.ArchiveId).Distinct().ShouldBe(cut.Added.Select(entry => entry.Id));
        messages.ShouldAllBe(message => message.CommunityId == TemporaryTree.Community);
    }

    [Fact]
    public async Task Inspecting_without_counting_reads_no_archive()
    {
        var folder = ArchiveFolder.OpenOrCreate(path);
        var cut = (await folder.Build(Vector.Read("archive-1").Input(), TemporaryTree.Community, Cancellation)).Made!;
        File.Delete(Path.Combine(cut.Torrent.Root, cut.Torrent.DataFile));

        (await folder.Inspect(countMessages: false, Cancellation))
            .ShouldHaveSingleItem()
            .Archives.ShouldHaveSingleItem()
            .Messages.ShouldBeNull();
        await Should.ThrowAsync<MissingArchiveFilesException>(folder.Inspect(countMessages: true, Cancellation));
    }

    [Fact]
    public async Task A_torrent_file_that_is_not_one_is_an_error_and_not_an_empty_folder()
    {
        var folder = ArchiveFolder.OpenOrCreate(path);
        File.WriteAllText(Path.Combine(path, $"{TemporaryTree.Community}.torrent"), "hello");

        await Should.ThrowAsync<RejectedTorrentException>(folder.Inspect(countMessages: false, Cancellation));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_when_it_is_to_be_read() =>
        Should.Throw<ArchiveRootMissingException>(() => ArchiveFolder.Open(path));

    public void Dispose()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
