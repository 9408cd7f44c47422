using EventArchive.Model;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

public sealed class NodesTests(NodesStory story) : IClassFixture<NodesStory>
{
    [Fact]
    public void Whoever_cut_an_archive_serves_it_while_no_seeder_has_it_and_nothing_is_announced()
    {
        story.Alone.Select(e => e.Type).ShouldBe(["history_archives_enabled", "archive_creation_started", "archive_created"]);
        InfoHash
            .FromBytes(RandomTorrent.Sha1(story.FromMaker))
            .ToString()
            .ShouldBe(story.Alone[^1].Data.GetProperty("InfoHash").GetString());
    }

    [Fact]
    public void Each_seeder_reports_under_its_name_and_the_first_report_announces() =>
        story
            .Both.Skip(3)
            .Select(e => e.Type)
            .ShouldBe(
                ["seeding_started", "announcement_requested", "announcement_prepared", "magnetlink_published", "seeding_started"],
                ignoreOrder: true
            );

    [Fact]
    public void A_node_that_is_no_seeder_lets_go_once_a_seeder_has_confirmed()
    {
        NodesStory.Serving(story.BothSeeding).ShouldBe(["first", "second"]);
        NodesStory.Seeders(story.End, torrent: 0).ShouldBe(["first", "second"], ignoreOrder: true);
        story.End.Where(e => e.Type == "seeding_started").ShouldAllBe(e => e.Data.GetProperty("Node").GetString() != "maker");
    }

    [Fact]
    public void A_node_without_the_role_api_answers_for_its_health_alone() =>
        story.SeederAnswers.ShouldBe([("health/live", 200), ("events", 404), ("commands/CreateArchive", 404), ("seeding", 404)]);

    [Fact]
    public void The_nodes_say_what_they_are_and_how_many_torrents_they_serve()
    {
        story.Nodes.Select(node => node.GetProperty("name").GetString()).ShouldBe(["first", "idle", "maker", "second"]);
        var first = story.Nodes[0];
        first.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["Seeder"]);
        first.GetProperty("seeding").GetInt64().ShouldBe(1);
        first.GetProperty("failing").GetInt64().ShouldBe(0);
    }

    [Fact]
    public void A_seeder_has_a_bounded_queue_that_disappears_when_the_node_stays_away()
    {
        story.QueueWasThere.ShouldBeTrue();
        story.QueueIsBounded.ShouldBeTrue();
        story.QueueIsGone.ShouldBeTrue();
    }

    [Fact]
    public void A_seeder_that_comes_back_fetches_what_it_missed_although_nothing_told_it()
    {
        NodesStory.Seeders(story.End, torrent: 1).ShouldContain("first");
        NodesStory.Seeders(story.End, torrent: 1).ShouldNotContain("second", "it was away, and the torrent is no longer the present one");
        NodesStory.Seeders(story.End, torrent: 2).ShouldBe(["first", "second"], ignoreOrder: true);
        foreach (var file in new[] { "data", "index" })
        foreach (var seeder in new[] { "first", "second" })
            story.Files[seeder][$"{story.CommunityId}/{file}"].ShouldBe(story.Files["maker"][$"{story.CommunityId}/{file}"]);
    }

    [Fact]
    public void Cuts_are_made_where_the_files_are_although_another_archiver_was_free()
    {
        story
            .End.Where(e => e.Type == "archive_created")
            .Select(e => e.Data.GetProperty("Node").GetString())
            .ShouldBe(["maker", "maker", "maker"]);
        story.Files["idle"].Keys.ShouldAllBe(path => path.StartsWith(".eventarchive"));
    }

    [Fact]
    public void A_private_tracker_is_told_the_present_torrents_alone() =>
        story.InfoHashes.ShouldBe($"{story.End.Last(e => e.Type == "archive_created").Data.GetProperty("InfoHash").GetString()}\n");

    [Fact]
    public void Who_seeds_what_is_shown_with_bytes_ratio_and_time()
    {
        var rows = story.EndSeeding.Where(row => row.GetProperty("seeding").GetBoolean()).ToList();
        rows.ShouldAllBe(row => row.GetProperty("present").GetBoolean());
        rows.ShouldAllBe(row => row.GetProperty("communityId").GetString() == story.CommunityId);
        var giver = rows.MaxBy(row => row.GetProperty("uploadedBytes").GetInt64());
        giver.GetProperty("ratio").GetDouble().ShouldBeGreaterThan(0);
        giver
            .GetProperty("lastActive")
            .GetDateTimeOffset()
            .ShouldBeLessThanOrEqualTo(giver.GetProperty("seenAt").GetDateTimeOffset().AddSeconds(1));
        giver.GetProperty("peer").GetString().ShouldStartWith("127.0.0.1:");
    }
}
