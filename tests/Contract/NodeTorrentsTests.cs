using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>What nodes must seed, what they say that they do, and which effects they may take.</summary>
public sealed class NodeTorrentsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly CommunityId Community = EventSamples.Community;
    private static readonly DateTimeOffset Active = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private TestNode node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IPendingWork Work => node.Services.GetRequiredService<IPendingWork>();

    private NodeTorrents Torrents => node.Services.GetRequiredService<NodeTorrents>();

    private UnseededReader Reads => node.Services.GetRequiredService<UnseededReader>();

    private SeedingReader Reader => node.Services.GetRequiredService<SeedingReader>();

    public async ValueTask InitializeAsync() => node = await TestNode.Start(await postgres.Create(Cancel), Cancel);

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_node_is_named_each_present_torrent_and_whether_it_has_reported_it_where_it_is_reached_now()
    {
        await node.Append(EventSamples.All.OfType<HistoryArchivesEnabled>().First());
        await node.CaughtUp("Communities");
        (await Wanted("node-2", EventSamples.Peer)).ShouldBeEmpty("there is no torrent yet");

        await node.Append(Created());
        await node.CaughtUp("Communities");
        (await Wanted("node-2", EventSamples.Peer)).ShouldBe([new(Community, EventSamples.InfoHash, false, 0)]);

        await node.Append(new SeedingStarted(Community, EventSamples.InfoHash, "node-2", EventSamples.Peer));
        await node.CaughtUp("Seeding");
        (await Wanted("node-2", EventSamples.Peer)).ShouldBe([new(Community, EventSamples.InfoHash, true, 0)]);
        (await Wanted("node-2", peer: null)).ShouldBe([new(Community, EventSamples.InfoHash, false, 0)]);
        (await Wanted("node-3", EventSamples.Peer)).ShouldBe([new(Community, EventSamples.InfoHash, false, 0)]);
        (await Torrents.ListTaken("node-3", Cancel)).ShouldBe([(Community, EventSamples.InfoHash)]);
        (await Torrents.ListTaken("node-2", Cancel)).ShouldBeEmpty("what a node says itself frees it of nothing");

        await node.Append(Created() with { InfoHash = EventSamples.OlderInfoHash });
        await node.CaughtUp("Communities");
        (await Wanted("node-2", EventSamples.Peer)).ShouldBe([new(Community, EventSamples.OlderInfoHash, false, 0)]);
    }

    [Fact]
    public async Task What_a_node_must_seed_comes_with_the_number_of_others_that_serve_it_now_because_what_is_rare_goes_first()
    {
        await node.Append(EventSamples.All.OfType<HistoryArchivesEnabled>().First());
        await node.Append(Created());
        await node.CaughtUp("Communities");
        var served = new NodeTorrent(Community, EventSamples.InfoHash, Seeding: true, 400, 400, 0, 0, Active, Fault: null);
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            await Torrents.Begin(name, NodeRoles.Seeder, EventSamples.Peer, Cancel);
        await Torrents.Tell("a", [served], [], Cancel);
        await Torrents.Tell("b", [served], [], Cancel);
        await Torrents.Tell("c", [served with { Seeding = false }], [], Cancel);
        await Torrents.Tell("d", [served with { InfoHash = EventSamples.OlderInfoHash }], [], Cancel);
        await Torrents.Tell("e", [served], [], Cancel);
        await node.Database.Run("update ea_nodes set seen_at = seen_at - interval '1 hour' where name = 'e'", Cancel);

        (await Wanted("f", peer: null)).ShouldHaveSingleItem().Others.ShouldBe(2, "one only fetches, one has the older, one is away");
        (await Wanted("a", peer: null)).ShouldHaveSingleItem().Others.ShouldBe(1);
    }

    [Fact]
    public async Task Who_seeds_what_is_shown_with_the_numbers_of_each_node_and_stays_when_a_node_is_gone()
    {
        await node.Append(EventSamples.All.OfType<HistoryArchivesEnabled>().First());
        await node.Append(Created());
        var seeding = await node.Append(new SeedingStarted(Community, EventSamples.InfoHash, "a", EventSamples.Peer));
        await node.CaughtUp("Communities");
        await node.CaughtUp("Seeding");
        await Torrents.Begin("b", NodeRoles.Seeder | NodeRoles.Archiver, EventSamples.Peer, Cancel);
        var fetching = new NodeTorrent(Community, EventSamples.InfoHash, Seeding: false, 10, 400, 3, 600, Active, "No peer \0 answered.");

        (await Torrents.Tell("b", [fetching], [], Cancel)).ShouldBeTrue();

        var rows = await Reader.Page(community: null, node: null, after: null, 10, Cancel);
        rows.Select(row => (row.Node, row.Present, row.Seeding, row.Since is not null))
            .ShouldBe([("a", true, false, true), ("b", true, false, false)]);
        (rows[0].Since, rows[0].Peer, rows[0].SeenAt, rows[0].Ratio).ShouldBe((seeding.At, EventSamples.Peer, null, null));
        (rows[1].DoneBytes, rows[1].TotalBytes, rows[1].Peers, rows[1].UploadedBytes, rows[1].Ratio, rows[1].LastActive).ShouldBe(
            (10, 400, 3, 600, 1.5, Active)
        );
        rows[1].Fault.ShouldBe("No peer \uFFFD answered.");
        (await Reader.Page(Community, "b", after: null, 10, Cancel)).ShouldHaveSingleItem().Key.ShouldBe(rows[1].Key);
        (await Reader.Page(Community, node: null, rows[0].Key, 10, Cancel)).ShouldHaveSingleItem().Node.ShouldBe("b");

        (await Torrents.Tell("b", [fetching with { Seeding = true, Fault = null }], [], Cancel)).ShouldBeTrue();
        var told = (await Reader.ListNodes(Cancel)).ShouldHaveSingleItem();
        (told.Name, told.Seeding, told.Fetching, told.Failing, told.UploadedBytes).ShouldBe(("b", 1, 0, 0, 600));
        told.Roles.ShouldBe(["Archiver", "Seeder"]);

        (await Torrents.Tell("b", [], [(Community, EventSamples.InfoHash)], Cancel)).ShouldBeTrue();
        (await Reader.Page(Community, "b", after: null, 10, Cancel)).ShouldBeEmpty();
        (await Torrents.Tell("c", [], [], Cancel)).ShouldBeFalse("it never began");
    }

    [Fact]
    public async Task What_a_node_stopped_to_seed_is_wanted_of_it_shown_no_more_and_waits_for_a_seeder_when_it_was_the_last()
    {
        await node.Append(EventSamples.All.OfType<HistoryArchivesEnabled>().First());
        await node.Append(Created());
        await node.Append(new SeedingStarted(Community, EventSamples.InfoHash, "a", EventSamples.Peer));
        await node.CaughtUp("Communities");
        (await Work.Take(Effect.Seed, "maker", Lease, Cancel)).ShouldBeNull();

        await node.Append(new SeedingStopped(Community, EventSamples.InfoHash, "a", StoppedBecause.NodeRetired, SeedersLeft: 0));
        await node.CaughtUp("Seeding");

        (await Wanted("a", EventSamples.Peer)).ShouldBe([new(Community, EventSamples.InfoHash, false, 0)]);
        (await Torrents.ListTaken("b", Cancel)).ShouldBeEmpty();
        (await Reader.Page(community: null, node: null, after: null, 10, Cancel)).ShouldBeEmpty();
        (await Work.Take(Effect.Seed, "maker", Lease, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Work_that_was_left_to_a_node_which_stopped_is_open_to_all_who_then_ask_who_holds_the_files()
    {
        await node.Append(EventSamples.All.OfType<ArchiveCreationStarted>().First());
        await Work.Reserve((await Work.Take(Effect.Cut, "b", Lease, Cancel))!, ["a"], Cancel);
        (await Work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldBeNull();

        await node.Append(new SeedingStopped(Community, EventSamples.OlderInfoHash, "a", StoppedBecause.NodeRetired, SeedersLeft: 1));

        (await Work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_waits_for_its_first_seeder_and_what_no_live_node_serves_is_found()
    {
        await node.Append(EventSamples.All.OfType<HistoryArchivesEnabled>().First());
        await node.CaughtUp("Communities");
        (await Unseeded()).ShouldBe((0, null, 0, null));
        await node.Append(Created());
        await node.CaughtUp("Communities");
        await node.Database.Run("update ea_pending_work set since = since - interval '1 hour'", Cancel);

        (await Unseeded()).ShouldBe((1, Community, 1, Community));
        var wait = (await Reads.Read(Cancel)).LongestWait;
        wait.ShouldBeInRange(TimeSpan.FromHours(1), TimeSpan.FromHours(2));

        // Its maker serves it, which is no seeder.
        var served = new NodeTorrent(Community, EventSamples.InfoHash, Seeding: true, 400, 400, 0, 0, null, Fault: null);
        await Torrents.Begin("maker", NodeRoles.Archiver, EventSamples.Peer, Cancel);
        await Torrents.Tell("maker", [served], [], Cancel);
        (await Unseeded()).ShouldBe((1, Community, 0, null));
        (await Reads.Read(Cancel)).LiveSeeders.ShouldBeEmpty();

        // A seeder fetches it, fails, and has it.
        await Torrents.Begin("a", NodeRoles.Seeder | NodeRoles.Importer, EventSamples.Peer, Cancel);
        await Torrents.Begin("b", NodeRoles.All, EventSamples.Peer, Cancel);
        await Torrents.Tell("a", [served with { Seeding = false, DoneBytes = 10 }], [], Cancel);
        (await Unseeded()).ShouldBe((0, null, 0, null));
        (await Reads.Read(Cancel)).LiveSeeders.ShouldBe(["a", "b"]);
        await Torrents.Tell("a", [served with { Seeding = false, Fault = "No peer answered." }], [], Cancel);
        (await Unseeded()).ShouldBe((1, Community, 0, null));
        await node.Append(new SeedingStarted(Community, EventSamples.InfoHash, "a", EventSamples.Peer));
        (await Unseeded()).ShouldBe((0, null, 0, null));

        await node.Database.Run("update ea_nodes set seen_at = seen_at - interval '61 seconds'", Cancel);
        (await Unseeded()).ShouldBe((0, null, 1, Community), "what nodes said that are away since does not count");
        (await Reads.Read(Cancel)).LiveSeeders.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_tells_nothing_is_shown_as_away_and_is_forgotten_with_what_it_told()
    {
        await Torrents.Begin("live", NodeRoles.All, EventSamples.Peer, Cancel);
        await Torrents.Begin("dead", NodeRoles.Seeder, EventSamples.Peer, Cancel);
        await Torrents.Tell("dead", [new(Community, EventSamples.InfoHash, Seeding: true, 4, 4, 0, 0, null, Fault: null)], [], Cancel);
        (await Reader.ListNodes(Cancel)).ShouldAllBe(one => !one.Away);
        await node.Database.Run("update ea_nodes set seen_at = seen_at - interval '2 minutes' where name = 'dead'", Cancel);

        (await Reader.ListNodes(Cancel)).Select(one => (one.Name, one.Away, one.Seeding)).ShouldBe([("dead", true, 1), ("live", false, 0)]);
        (await Reader.Page(null, null, null, 10, Cancel)).ShouldHaveSingleItem().NodeAway.ShouldBeTrue();
        (await Torrents.ListSilent(TimeSpan.FromHours(1), Cancel)).ShouldBeEmpty();
        (await Torrents.Forget("dead", TimeSpan.FromHours(1), Cancel)).ShouldBeFalse("it was heard of since");
        (await Torrents.ListSilent(TimeSpan.FromMinutes(1), Cancel)).ShouldBe(["dead"]);

        (await Torrents.Forget("dead", TimeSpan.FromMinutes(1), Cancel)).ShouldBeTrue();

        (await Reader.ListNodes(Cancel)).ShouldHaveSingleItem().Name.ShouldBe("live");
        (await Reader.Page(null, null, null, 10, Cancel)).ShouldBeEmpty();
        (await Torrents.Tell("dead", [], [], Cancel)).ShouldBeFalse("one that comes back begins again");
    }

    [Fact]
    public async Task Work_on_files_is_left_to_the_nodes_that_hold_them_until_one_more_does()
    {
        await node.Append(EventSamples.All.OfType<ArchiveCreationStarted>().First());
        var taken = (await Work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldNotBeNull();

        await Work.Reserve(taken, ["a", "c"], Cancel);

        (await Work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldBeNull();
        var again = (await Work.Take(Effect.Cut, "c", Lease, Cancel)).ShouldNotBeNull();
        again.Attempts.ShouldBe(1, "being at the wrong place is no try");
        await Work.Release(again, TimeSpan.Zero, "failed", Cancel);

        await node.Append(new SeedingStarted(Community, EventSamples.OlderInfoHash, "b", EventSamples.Peer));
        (await Work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldNotBeNull().Attempts.ShouldBe(2);

        await node.Append(EventSamples.All.OfType<ArchiveCreationStarted>().First());
        (await Work.Take(Effect.Cut, "d", Lease, Cancel)).ShouldNotBeNull("a new cause is open to all");
    }

    [Fact]
    public async Task Reserved_work_that_its_nodes_leave_lying_is_named_by_health()
    {
        await node.Append(EventSamples.All.OfType<ArchiveCreationStarted>().First());
        await Work.Reserve((await Work.Take(Effect.Cut, "b", Lease, Cancel))!, ["gone"], Cancel);
        (await Work.ListParked(Cancel)).ShouldBeEmpty("it may be restarting");

        await node.Database.Run("update ea_pending_work set next_due = next_due - interval '6 minutes'", Cancel);

        var waiting = (await Work.ListParked(Cancel)).ShouldHaveSingleItem();
        (waiting.Effect, waiting.Attempts).ShouldBe((Effect.Cut, 0));
        waiting.Reason.ShouldStartWith("only gone holds the files that it needs");
    }

    private async Task<(long, CommunityId?, long, CommunityId?)> Unseeded()
    {
        var found = await Reads.Read(Cancel);
        return (found.Awaiting, found.LongestAwaiting, found.Unserved, found.OneUnserved);
    }

    private Task<IReadOnlyList<WantedTorrent>> Wanted(string name, PeerAddress? peer) =>
        Torrents.ListWanted(name, peer, TimeSpan.FromMinutes(1), Cancel);

    private static ArchiveCreated Created() => EventSamples.All.OfType<ArchiveCreated>().First();
}
