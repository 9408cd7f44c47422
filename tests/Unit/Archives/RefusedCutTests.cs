using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>What a cut does not do, and leaves as it was.</summary>
public sealed class RefusedCutTests : IDisposable
{
    private readonly TemporaryTree temporary = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_that_are_announced_are_never_changed_by_a_cut_that_does_not_know_them()
    {
        await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        var files = temporary.Files();
        var others = TemporaryTree.Reading(TemporaryTree.Messages(2, salt: 9));

        await Should.ThrowAsync<DivergedDataException>(temporary.Tree.Cut(TemporaryTree.Plan(0, 2), others, Cancellation));

        temporary.Files().ShouldBe(files);
    }

    [Fact]
    public async Task A_longer_first_cut_over_an_announced_one_is_refused_where_the_two_differ()
    {
        await TemporaryTree.CutWeeks(temporary.Tree, 0, 1);
        var data = temporary.Bytes("data");
        var longer = TemporaryTree.Messages(1).Append(TemporaryTree.Message(TemporaryTree.Start + 9, 300_000, 9));

        await Should.ThrowAsync<DivergedDataException>(
            temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(longer), Cancellation)
        );

        temporary.Bytes("data").ShouldBe(data);
    }

    [Fact]
    public async Task A_missing_root_is_an_error_and_never_an_empty_tree()
    {
        Directory.Delete(temporary.Root);

        await Should.ThrowAsync<ArchiveRootMissingException>(TemporaryTree.CutWeeks(temporary.Tree, 0, 1));
        Should.Throw<ArchiveRootMissingException>(temporary.Tree.ListCommunities);

        Directory.Exists(temporary.Root).ShouldBeFalse();
        Directory.CreateDirectory(temporary.Root);
    }

    [Fact]
    public async Task A_parent_whose_files_are_gone_or_short_is_an_error_and_nothing_is_written()
    {
        var first = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        await File.WriteAllBytesAsync(temporary.PathOf("data"), temporary.Bytes("data")[..^1], Cancellation);
        var files = temporary.Files();

        await Should.ThrowAsync<MissingArchiveFilesException>(TemporaryTree.CutWeeks(temporary.Tree, 2, 3, first));
        temporary.Files().ShouldBe(files);

        Directory.Delete(temporary.PathOf(""), recursive: true);
        await Should.ThrowAsync<MissingArchiveFilesException>(TemporaryTree.CutWeeks(temporary.Tree, 2, 3, first));
        Directory.Exists(temporary.PathOf("")).ShouldBeFalse();
    }

    [Fact]
    public async Task Links_inside_the_tree_are_not_followed()
    {
        using var outside = new TemporaryTree();
        var target = Path.Combine(outside.Root, "target");
        await File.WriteAllTextAsync(target, "untouched", Cancellation);
        Directory.CreateDirectory(temporary.PathOf(""));
        File.CreateSymbolicLink(temporary.PathOf("data"), target);

        (await Should.ThrowAsync<IOException>(TemporaryTree.CutWeeks(temporary.Tree, 0, 1))).Message.ShouldContain("symbolic link");

        Directory.Delete(temporary.PathOf(""), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(temporary.Root, TemporaryTree.Community.ToString()), outside.Root);
        (await Should.ThrowAsync<IOException>(TemporaryTree.CutWeeks(temporary.Tree, 0, 1))).Message.ShouldContain("symbolic link");

        Directory.GetFileSystemEntries(outside.Root).ShouldBe([target]);
        (await File.ReadAllTextAsync(target, Cancellation)).ShouldBe("untouched");
    }

    [Fact]
    public async Task More_messages_set_aside_than_an_event_can_name_are_an_error_that_says_what_to_do_and_nothing_is_announced()
    {
        var bad = TemporaryTree.Message(TemporaryTree.Start, 1, 1) with { ThirdPartyId = "\0" };
        var messages = Enumerable.Range(0, ArchiveFormat.MaxSetAside + 1).Select(n => bad with { Hash = BitConverter.GetBytes(n) });

        var allowed = await temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(messages.Skip(1)), Cancellation);
        var fault = await Should.ThrowAsync<InvalidOperationException>(
            temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(messages), Cancellation)
        );

        allowed.SetAside.Count.ShouldBe(ArchiveFormat.MaxSetAside);
        fault.Message.ShouldContain("Remove them from the message store");
        temporary.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_with_more_windows_than_the_limit_is_refused_before_any_is_read()
    {
        var plan = TemporaryTree.Plan(0, 1) with { From = 0, To = ulong.MaxValue, PartitionSeconds = 1 };

        await Should.ThrowAsync<ArgumentException>(
            temporary.Tree.Cut(plan, (_, _) => throw new InvalidOperationException("No window is read."), Cancellation)
        );
    }

    public void Dispose() => temporary.Dispose();
}
