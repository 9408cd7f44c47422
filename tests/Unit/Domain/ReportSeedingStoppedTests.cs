using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ReportSeedingStoppedTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);
    private static readonly IEvent[] TwoSeeders = [.. Announced(Earlier), Seeding(1, "b", 2)];

    [Fact]
    public void A_retired_seeder_stopped_and_the_others_are_counted_because_they_are_all_that_serve() =>
        Given(TwoSeeders).When(Retired("b")).Then(Stopped(1, left: 1, "b"));

    [Fact]
    public void The_last_one_leaves_nobody_and_the_next_seeder_is_announced_because_no_magnet_names_one() =>
        Given([.. Announced(Earlier), Stopped(1, left: 0)])
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2), Requested(1));

    [Fact]
    public void One_of_several_leaves_the_announcement_as_it_is() =>
        Given([.. TwoSeeders, Stopped(1, left: 1, "b")]).When(new ConfirmSeeding(Id, Hash(1), "c", Peer(3))).Then(Seeding(1, "c", 3));

    [Fact]
    public void Who_stopped_is_announced_no_more() => Given([.. TwoSeeders, Stopped(1, left: 1)]).Community.Seeders.Keys.ShouldBe(["b"]);

    [Fact]
    public void Nothing_is_announced_while_nobody_is_left() =>
        Given([.. Announced(Earlier), Stopped(1, left: 0)]).When(new AnnounceArchive(Id)).ThenRefused("nothing_seeded");

    [Fact]
    public void A_repeat_and_a_node_that_never_seeded_are_no_news()
    {
        Given([.. TwoSeeders, Stopped(1, left: 1, "b")]).When(Retired("b")).ThenNothing();
        Given(TwoSeeders).When(Retired("c")).ThenNothing();
        Given(Enabled).When(Retired("a")).ThenNothing();
    }

    [Fact]
    public void One_that_comes_back_is_a_seeder_again_and_may_stop_again() =>
        Given([.. TwoSeeders, Stopped(1, left: 1, "b"), Seeding(1, "b", 2)]).When(Retired("b")).Then(Stopped(1, left: 1, "b"));

    [Fact]
    public void What_it_served_last_is_named_although_a_newer_torrent_is_there() =>
        Given([.. TwoSeeders, Cutting(T1, T2, 1), Created(2, T1, T2), Seeding(2)]).When(Retired("b")).Then(Stopped(1, left: 1, "b"));

    [Fact]
    public void The_maker_of_a_torrent_served_it_before_any_seeder_did_and_takes_its_files_along()
    {
        IEvent[] made = [Enabled, Cutting(), Created(1)];
        Given(made).When(Retired("a")).Then(Stopped(1, left: 0));
        Given(made).When(new ReportSeedingStopped(Id, "a", Retired: false)).ThenNothing();
        Given([.. made, Seeding(1, "b", 2)]).When(Retired("a")).Then(Stopped(1, left: 1));
        Given([.. made, Stopped(1, left: 0)]).When(Retired("a")).ThenNothing();
    }

    [Fact]
    public void A_retired_maker_holds_no_files_and_one_whose_torrent_was_taken_over_still_does()
    {
        Holders(Stopped(1, left: 1)).ShouldBe(["b"]);
        Holders(Stopped(1, left: 1, reason: StoppedBecause.TakenOver)).ShouldBe(["b", "a"]);

        static IReadOnlyCollection<string> Holders(SeedingStopped stopped) =>
            TwoSeeders.Append(stopped).Aggregate(Community.Initial, Community.Evolve).FindHolders();
    }

    [Fact]
    public void A_seeder_that_was_relieved_says_so() =>
        Given(TwoSeeders).When(new ReportSeedingStopped(Id, "b", Retired: false)).Then(Stopped(1, left: 1, "b", StoppedBecause.TakenOver));

    private static ReportSeedingStopped Retired(string node) => new(Id, node, Retired: true);
}
