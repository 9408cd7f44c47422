using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Handlers;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Contract;

/// <summary>The node c, where it is reached at peer 3; a made the torrent.</summary>
public sealed class FetchTorrentsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly IEvent[] Made = [Enabled, Cutting(), Created(1)];

    private RecordedReports node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => node = await RecordedReports.Create(postgres, Cancellation);

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task The_maker_is_asked_first_then_who_seeds_then_whom_the_magnet_names_and_itself_never()
    {
        var engine = new FakeEngine();
        var community = await After([.. Made, Seeding(1, "b", 2), Seeding(1, "c", 3)]);

        await Fetch(new FakeFiles(), engine).Seed(community, community.Torrent! with { Magnetlink = Magnet(1, 9, 2) }, Cancellation);

        engine.Asked.ShouldBe([Peer(1), Peer(2), Peer(9)]);
        engine.Seeded.ShouldBe([Hash(1)]);
        (await node.Stored(Cancellation)).ShouldBeEmpty("it has reported it, where it is reached now");
    }

    [Fact]
    public async Task What_is_on_this_disk_is_not_fetched_and_what_was_not_reported_from_here_is()
    {
        var engine = new FakeEngine();
        var community = await After([.. Made, Seeding(1, "b", 2)]);

        await Fetch(new FakeFiles { HoldsAll = true }, engine).Seed(community, community.Torrent!, Cancellation);

        engine.Asked.ShouldBeEmpty();
        (await Reported()).ShouldContain(Seeding(1, "c", 3));
    }

    [Fact]
    public async Task It_reports_again_where_it_is_reached_now_because_peers_are_sent_there()
    {
        var community = await After([.. Made, Seeding(1, "c", 8)]);

        await Fetch(new FakeFiles { HoldsAll = true }, new FakeEngine()).Seed(community, community.Torrent!, Cancellation);

        (await Reported()).ShouldContain(Seeding(1, "c", 3));
    }

    [Fact]
    public async Task It_lets_go_only_of_what_another_serves_that_can_be_reached()
    {
        (await LetGo([.. Made])).ShouldBeEmpty();
        (await LetGo([.. Made, Seeding(1, "c", 3)])).ShouldBeEmpty("it is the seeder itself");
        (await LetGo([.. Made, Seeding(1, "b", peer: null)])).ShouldBeEmpty("nobody reaches that one");
        (await LetGo([.. Made, Seeding(1, "b", 2)])).ShouldBe([Hash(1)]);
        (await node.Stored(Cancellation)).ShouldBeEmpty("it never said that it seeds");
    }

    [Fact]
    public async Task A_seeder_that_is_none_any_more_says_so_when_it_lets_go()
    {
        (await LetGo([.. Made, Seeding(1, "b", 2), Seeding(1, "c", 3)])).ShouldBe([Hash(1)]);

        (await Reported()).ShouldBe([Stopped(1, left: 1, "c", StoppedBecause.TakenOver)]);
    }

    private async Task<IReadOnlyList<InfoHash>> LetGo(IEvent[] events)
    {
        var (engine, community) = (new FakeEngine(), await After(events));
        await Fetch(new FakeFiles(), engine).LetGo(community, community.Torrent!, Cancellation);
        return engine.Stopped;
    }

    private FetchTorrents Fetch(FakeFiles files, FakeEngine engine) =>
        new(files, engine, node.Reports, Options.Create(new NodeOptions { Name = "c" }));

    private async Task<IReadOnlyList<IEvent>> Reported()
    {
        var report = (await node.Stored(Cancellation)).ShouldHaveSingleItem();
        report.Events.ShouldAllBe(stored => stored.Actor == "node:c" && stored.Cause == null && stored.Causation == report.MessageId);
        return [.. report.Events.Select(stored => stored.Event)];
    }

    /// <summary>Each time in a store of its own.</summary>
    private async Task<Community> After(IEvent[] events)
    {
        await node.DisposeAsync();
        node = await RecordedReports.Create(postgres, Cancellation);
        await node.Happened(events);
        return events.Aggregate(Community.Initial, Community.Evolve);
    }
}
