using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>The member's side: a torrent accepted, downloaded, completed. The engine's part is a copy of the owner's files.</summary>
public sealed class DownloadedTreeTests : IDisposable
{
    private readonly TemporaryTree owner = new();
    private readonly TemporaryTree member = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_downloaded_torrent_becomes_the_community_s_when_it_is_completed()
    {
        var cut = await CutWeeks(0, 2);
        var accepted = await Accept(cut);
        (await Find(accepted)).ShouldBeNull("nothing is downloaded yet");
        await Should.ThrowAsync<MissingArchiveFilesException>(member.Tree.ReadIndex(accepted, Cancellation));

        Download(cut, accepted);
        (await member.Tree.ReadIndex(accepted, Cancellation)).ShouldBe(cut.Added);
        (await Find(accepted)).ShouldBeNull("full length alone does not say that the pieces were verified");
        await member.Tree.Complete(accepted, Cancellation);

        member.Files().ShouldBe(owner.Files());
        (await Find(accepted))!.Magnetlink.ShouldBe(cut.Torrent.Magnetlink);
        member.Tree.ListCommunities().ShouldBe([TemporaryTree.Community]);
        var listed = (await member.Tree.FindPresent(TemporaryTree.Community, Cancellation)).ShouldNotBeNull();
        listed.InfoHash.ShouldBe(cut.Torrent.InfoHash);
        listed.DataFile.ShouldBe($"{TemporaryTree.Community}/data");
        listed.IndexFile.ShouldBe($"{TemporaryTree.Community}/index.{cut.Torrent.InfoHash}");
        Path.IsPathFullyQualified(listed.Root).ShouldBeTrue();
    }

    [Fact]
    public async Task Completing_again_removes_what_a_killed_writer_left()
    {
        var cut = await CutWeeks(0, 1);
        var accepted = await Accept(cut);
        Download(cut, accepted);
        File.WriteAllText(Path.Combine(member.Root, $"{TemporaryTree.Community}/.index.0123456789abcdef0123456789abcdef.tmp"), "half");
        File.WriteAllText(Path.Combine(member.Root, $".{TemporaryTree.Community}.torrent.0123456789abcdef0123456789abcdef.tmp"), "half");

        await member.Tree.Complete(accepted, Cancellation);

        member.Files().ShouldBe(owner.Files());
        Directory.EnumerateFiles(member.Root, ".*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_grown_torrent_shares_the_data_that_is_there()
    {
        var first = await CutWeeks(0, 2);
        await AcceptAndComplete(first);
        var second = await CutWeeks(2, 3, first);

        var accepted = await Accept(second);

        accepted.DataFile.ShouldBe($"{TemporaryTree.Community}/data");
        Download(second, accepted);
        await member.Tree.Complete(accepted, Cancellation);
        member.Files().ShouldBe(owner.Files());
    }

    [Fact]
    public async Task A_history_that_was_rebuilt_elsewhere_gets_data_of_its_own_and_so_do_its_children()
    {
        var mine = (
            await member.Tree.Cut(TemporaryTree.Plan(0, 2), TemporaryTree.Reading(TemporaryTree.Messages(2, salt: 9)), Cancellation)
        ).Made!;
        var data = member.Bytes("data");
        var theirs = await CutWeeks(0, 2);

        var accepted = await AcceptAndComplete(theirs);
        var child = (
            await member.Tree.Cut(TemporaryTree.Plan(2, 3, theirs), TemporaryTree.Reading(TemporaryTree.Messages(3)), Cancellation)
        ).Made!;

        accepted.DataFile.ShouldBe($"{TemporaryTree.Community}/data.{theirs.Torrent.InfoHash}");
        child.Torrent.DataFile.ShouldBe(accepted.DataFile);
        member.Bytes("data").ShouldBe(data);
        (await CutWeeks(2, 3, theirs)).Torrent.InfoHash.ShouldBe(child.Torrent.InfoHash);
        File.ReadAllBytes(Path.Combine(child.Torrent.Root, child.Torrent.DataFile)).ShouldBe(owner.Bytes("data"));
        (await member.Tree.Find(TemporaryTree.Community, mine.Torrent.InfoHash, Cancellation))!.DataFile.ShouldEndWith("/data");
    }

    [Fact]
    public async Task Accepting_again_after_a_restart_goes_on_with_the_same_files()
    {
        var cut = await CutWeeks(0, 1);
        var first = await Accept(cut);

        var again = await member.WithSync(Disk.Sync).Accept(cut.Torrent.Magnetlink, TemporaryTree.Community, Info(cut), Cancellation);

        (again.DataFile, again.IndexFile).ShouldBe((first.DataFile, first.IndexFile));
        again.TorrentFile.ToArray().ShouldBe(first.TorrentFile.ToArray());
    }

    [Fact]
    public async Task The_trackers_of_the_magnet_are_told_to_the_engine_and_our_own_magnet_does_not_name_them()
    {
        var cut = await CutWeeks(0, 1);
        var foreign = Magnetlink.Of(cut.Torrent.InfoHash, TemporaryTree.Community, ["http://tracker.example.org/announce"]);

        var accepted = await member.Tree.Accept(foreign, TemporaryTree.Community, Info(cut), Cancellation);

        accepted.MagnetTrackers.ShouldBe(foreign.Trackers);
        accepted.Magnetlink.ShouldBe(cut.Torrent.Magnetlink);
    }

    [Fact]
    public async Task An_info_dictionary_that_is_not_the_magnet_s_or_not_the_community_s_is_refused_and_nothing_is_kept()
    {
        var cut = await CutWeeks(0, 1);
        var other = CommunityId.Parse("0x02" + new string('a', 64));
        var wrong = Magnetlink.Parse("magnet:?xt=urn:btih:" + new string('0', 40));

        await Should.ThrowAsync<RejectedTorrentException>(member.Tree.Accept(wrong, TemporaryTree.Community, Info(cut), Cancellation));
        await Should.ThrowAsync<RejectedTorrentException>(member.Tree.Accept(cut.Torrent.Magnetlink, other, Info(cut), Cancellation));

        Directory.GetFileSystemEntries(member.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_torrent_is_not_completed_while_data_is_short_or_the_index_is_another()
    {
        var cut = await CutWeeks(0, 1);
        var accepted = await Accept(cut);
        Download(cut, accepted);
        var data = Path.Combine(accepted.Root, accepted.DataFile);
        var index = Path.Combine(accepted.Root, accepted.IndexFile);
        var (dataBytes, indexBytes) = (File.ReadAllBytes(data), File.ReadAllBytes(index));

        File.WriteAllBytes(data, dataBytes[..^1]);
        await Should.ThrowAsync<MissingArchiveFilesException>(member.Tree.Complete(accepted, Cancellation));
        File.WriteAllBytes(data, dataBytes);
        File.WriteAllBytes(index, [.. indexBytes[..^1], (byte)~indexBytes[^1]]);
        await Should.ThrowAsync<MissingArchiveFilesException>(member.Tree.Complete(accepted, Cancellation));

        File.Exists(member.TorrentPath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_damaged_archive_is_unreadable_and_its_neighbour_is_not()
    {
        var cut = await CutWeeks(0, 2);
        var bytes = owner.Bytes("data");
        bytes[40] ^= 1;
        File.WriteAllBytes(owner.PathOf("data"), bytes);

        await Should.ThrowAsync<UnreadableArchiveException>(owner.Tree.CountMessages(cut.Torrent, cut.Added[0], Cancellation));
        (await owner.Tree.CountMessages(cut.Torrent, cut.Added[1], Cancellation)).ShouldBe(3);
    }

    [Fact]
    public async Task A_torrent_file_that_cannot_be_read_does_not_hide_the_others()
    {
        await CutWeeks(0, 1);
        var broken = CommunityId.Parse($"0x02{new string('b', 64)}");
        File.WriteAllText(Path.Combine(owner.Root, $"{broken}.torrent"), "llll");

        owner.Tree.ListCommunities().ShouldBe([TemporaryTree.Community, broken], ignoreOrder: true);
        (await owner.Tree.FindPresent(TemporaryTree.Community, Cancellation)).ShouldNotBeNull();
        await Should.ThrowAsync<RejectedTorrentException>(owner.Tree.FindPresent(broken, Cancellation));
    }

    public void Dispose()
    {
        owner.Dispose();
        member.Dispose();
    }

    private async Task<Cut> CutWeeks(int from, int to, Cut? parent = null) =>
        (await owner.Tree.Cut(TemporaryTree.Plan(from, to, parent), TemporaryTree.Reading(TemporaryTree.Messages(to)), Cancellation)).Made!;

    private Task<TorrentContent> Accept(Cut cut) =>
        member.Tree.Accept(cut.Torrent.Magnetlink, TemporaryTree.Community, Info(cut), Cancellation);

    private async Task<TorrentContent> AcceptAndComplete(Cut cut)
    {
        var accepted = await Accept(cut);
        Download(cut, accepted);
        await member.Tree.Complete(accepted, Cancellation);
        return accepted;
    }

    private Task<TorrentContent?> Find(TorrentContent torrent) => member.Tree.Find(TemporaryTree.Community, torrent.InfoHash, Cancellation);

    private static void Download(Cut from, TorrentContent to)
    {
        File.Copy(Path.Combine(from.Torrent.Root, from.Torrent.DataFile), Path.Combine(to.Root, to.DataFile), overwrite: true);
        File.Copy(Path.Combine(from.Torrent.Root, from.Torrent.IndexFile), Path.Combine(to.Root, to.IndexFile), overwrite: true);
    }

    private static ReadOnlyMemory<byte> Info(Cut cut) => TorrentFile.Read(cut.Torrent.TorrentFile).Info;
}
