using EventArchive.EventStore;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.MainLine;

/// <summary>The main line end to end, the same on every transport.</summary>
public abstract class MainLineTests(LineStory story)
{
    private static readonly string[] OwnerOnce =
    [
        "archive_creation_started",
        "archive_created",
        "seeding_started",
        "announcement_requested",
        "announcement_prepared",
        "magnetlink_published",
    ];

    private static readonly string[] MemberBefore = ["magnetlink_received", "download_started", "archives_downloaded"];

    private static readonly string[] MemberAfter = ["history_imported", "seeding_started"];

    private string Folder => story.Line.Community.Id;

    [Fact]
    public void The_member_holds_the_owner_s_messages_whole_and_each_once()
    {
        story.First.Owner.Messages.Count.ShouldBe(LineStory.FirstWeeks * LineStory.MessagesPerWeek);
        story.First.Member.Messages.ShouldBe(story.First.Owner.Messages);
        story.Repeated.Member.Messages.ShouldBe(story.First.Member.Messages);
        story.Second.Owner.Messages.Count.ShouldBe((LineStory.FirstWeeks + 1) * LineStory.MessagesPerWeek);
        story.Second.Member.Messages.ShouldBe(story.Second.Owner.Messages);
    }

    [Fact]
    public void Owner_and_member_hold_the_same_files_byte_for_byte()
    {
        foreach (var stage in new[] { story.First, story.Second })
        {
            foreach (var name in new[] { "data", "index" })
                stage.Member.Files[$"{Folder}/{name}"].ShouldBe(stage.Owner.Files[$"{Folder}/{name}"], name);
            stage.Member.Files.Keys.ShouldBe(stage.Owner.Files.Keys, ignoreOrder: true);
        }
    }

    [Fact]
    public void Owner_and_member_tell_the_line_in_the_order_of_its_steps()
    {
        story.First.Owner.Types.ShouldBe(["history_archives_enabled", .. OwnerOnce]);
        story.First.Member.Types.ShouldBe(["history_archives_enabled", .. MemberOnce(LineStory.FirstWeeks)]);
        story.Second.Owner.Types.ShouldBe(["history_archives_enabled", .. OwnerOnce, .. OwnerOnce]);
        story.Second.Member.Types.ShouldBe(["history_archives_enabled", .. MemberOnce(LineStory.FirstWeeks), .. MemberOnce(1)]);
    }

    [Fact]
    public void Versions_have_no_hole_and_numbers_rise_so_that_no_reader_can_miss_an_event()
    {
        foreach (var side in new[] { story.Second.Owner, story.Second.Member })
        {
            side.Events.Select(e => e.Stream).Distinct().ShouldBe([$"community-{Folder}"]);
            side.Events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, side.Events.Count).Select(version => (long)version));
            side.Events.Select(e => e.Id).ShouldBeUnique();
        }
    }

    [Fact]
    public void A_command_with_the_same_id_has_the_same_outcome_and_one_with_a_new_id_is_quiet()
    {
        story.FirstOutcome.EventIds.ShouldBe([story.First.Owner.Events.Single(e => e.Type == "archive_creation_started").Id]);
        story.SameIdOutcome.MessageId.ShouldBe(story.FirstOutcome.MessageId);
        story.SameIdOutcome.EventIds.ShouldBe(story.FirstOutcome.EventIds);
        story.NewIdOutcome.EventIds.ShouldBeEmpty();
        story.NewIdOutcome.Refusal.ShouldBeNull();
        story.Repeated.Owner.Events.Count.ShouldBe(story.First.Owner.Events.Count);
        story.Repeated.Member.Events.Count.ShouldBe(story.First.Member.Events.Count);
    }

    [Fact]
    public void Each_torrent_is_announced_once_with_a_clock_that_rises()
    {
        var published = story.Second.Owner.Events.Where(e => e.Type == "magnetlink_published").Select(e => e.Data).ToArray();
        published.Length.ShouldBe(2);
        published[1].GetProperty("Clock").GetUInt64().ShouldBeGreaterThan(published[0].GetProperty("Clock").GetUInt64());
        var received = story.Second.Member.Events.Where(e => e.Type == "magnetlink_received").Select(e => e.Data).ToArray();
        received
            .Select(data => data.GetProperty("Magnetlink").GetString())
            .ShouldBe(published.Select(data => data.GetProperty("Magnetlink").GetString()));
    }

    [Fact]
    public void No_report_of_the_line_is_refused() => story.Second.Owner.Refusals.Concat(story.Second.Member.Refusals).ShouldBeEmpty();

    [Fact]
    public void The_second_cut_only_adds_to_the_data_of_the_first()
    {
        var (first, second) = (story.First.Owner.Files[$"{Folder}/data"], story.Second.Owner.Files[$"{Folder}/data"]);
        second.Length.ShouldBeGreaterThan(first.Length);
        second.AsSpan(0, first.Length).SequenceEqual(first).ShouldBeTrue();
    }

    [Fact]
    public void The_member_fetches_of_the_second_torrent_only_what_it_lacks()
    {
        var (first, second) = (story.First.Owner.Files[$"{Folder}/data"], story.Second.Owner.Files[$"{Folder}/data"]);
        var index = story.Second.Owner.Files[$"{Folder}/index"].Length;
        // The protocol itself, and the metadata: a few kilobytes.
        const int overhead = 30_000;
        story.FirstBytes.ShouldBeGreaterThan(first.Length);
        story.SecondBytes.ShouldBeInRange(second.Length - first.Length, second.Length - first.Length + index + overhead);
        var imports = story.Second.Member.Events.Where(e => e.Type == "import_started").Select(e => e.Data.GetProperty("Archives"));
        imports.Select(archives => archives.GetArrayLength()).ShouldBe([LineStory.FirstWeeks, 1]);
    }

    [Fact]
    public void Once_the_owner_has_stopped_a_third_party_gets_all_from_the_member()
    {
        story.OwnerExitCode.ShouldBe(0);
        foreach (var name in new[] { "data", "index" })
            story.ThirdParty[name].ShouldBe(story.Second.Owner.Files[$"{Folder}/{name}"], name);
    }

    private static IEnumerable<string> MemberOnce(int archives) =>
        [.. MemberBefore, "download_completed", "import_started", .. Enumerable.Repeat("archives_imported", archives), .. MemberAfter];
}
