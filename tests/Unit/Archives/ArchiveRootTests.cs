using EventArchive.Archives;
using EventArchive.Handlers;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>A root that was in use is never taken for an empty one.</summary>
public sealed class ArchiveRootTests : IDisposable
{
    private readonly TemporaryTree temporary = new();
    private readonly ArchiveTreeOptions options;
    private readonly ArchiveRoot root;

    public ArchiveRootTests()
    {
        options = new ArchiveTreeOptions { Root = temporary.Root, DemandMarker = true };
        root = new ArchiveRoot(options);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_folder_that_was_never_used_is_marked_once_and_then_used()
    {
        root.FindFault().ShouldNotBeNull();

        (await root.Open(() => Task.FromResult(false))).ShouldBeTrue();

        root.FindFault().ShouldBeNull();
        (await root.Open(() => throw new InvalidOperationException("A marked root is not asked about."))).ShouldBeTrue();
        await Cut();
    }

    [Fact]
    public async Task An_empty_folder_where_archives_were_is_missing_and_nothing_is_written_into_it()
    {
        (await root.Open(() => Task.FromResult(true))).ShouldBeFalse();

        (await Should.ThrowAsync<ArchiveRootMissingException>(Cut())).Message.ShouldContain("mount it");
        Directory.GetFileSystemEntries(temporary.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_with_archives_from_before_the_marker_is_taken_in()
    {
        await temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(TemporaryTree.Messages(1)), Cancellation);

        (await root.Open(() => Task.FromResult(true))).ShouldBeTrue();

        root.FindFault().ShouldBeNull();
    }

    [Fact]
    public async Task A_root_that_goes_away_while_in_use_stops_every_access_and_comes_back_by_itself()
    {
        await root.Open(() => Task.FromResult(false));
        var tree = new ArchiveTree(options, NullLogger<ArchiveTree>.Instance);
        var cut = (await Cut()).Made!;
        var away = temporary.Root + "-away";
        Directory.Move(temporary.Root, away);

        root.FindFault().ShouldNotBeNull().ShouldContain("is not there");
        Directory.CreateDirectory(temporary.Root);
        root.FindFault().ShouldNotBeNull().ShouldContain(ArchiveRoot.MarkerName);
        await Should.ThrowAsync<ArchiveRootMissingException>(Cut());
        Should.Throw<ArchiveRootMissingException>(tree.ListCommunities);
        await Should.ThrowAsync<ArchiveRootMissingException>(tree.Find(TemporaryTree.Community, cut.Torrent.InfoHash, Cancellation));
        Directory.GetFileSystemEntries(temporary.Root).ShouldBeEmpty();

        Directory.Delete(temporary.Root);
        Directory.Move(away, temporary.Root);
        root.FindFault().ShouldBeNull();
        (await tree.Find(TemporaryTree.Community, cut.Torrent.InfoHash, Cancellation)).ShouldNotBeNull();
    }

    public void Dispose() => temporary.Dispose();

    private Task<CutOutcome> Cut() =>
        new ArchiveTree(options, NullLogger<ArchiveTree>.Instance).Cut(
            TemporaryTree.Plan(0, 1),
            TemporaryTree.Reading(TemporaryTree.Messages(1)),
            Cancellation
        );
}
