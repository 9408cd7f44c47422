using EventArchive.Commands;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ConfirmSeedingTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);

    [Fact]
    public void The_first_seeding_announces_the_torrent_with_its_seeder_because_now_it_can_be_fetched() =>
        Given(Enabled, Cutting(), Created(1))
            .When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1)))
            .Then(Seeding(1), Prepared(NowClock, 1, 1));

    [Fact]
    public void A_seeder_that_does_not_listen_is_announced_without_an_address() =>
        Given(Enabled, Cutting(), Created(1))
            .When(new ConfirmSeeding(Id, Hash(1), "a", null))
            .Then(Seeding(1, peer: null), Prepared(NowClock, 1));

    [Fact]
    public void The_second_node_does_not_announce_because_each_torrent_is_announced_once() =>
        Given(Announced(Earlier)).When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2))).Then(Seeding(1, "b", 2));

    [Fact]
    public void The_second_node_does_not_announce_before_the_first_announcement_is_out_because_it_is_under_way() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Prepared(Earlier, 1, 1))
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2));

    [Fact]
    public void The_next_torrent_is_announced_because_it_is_another_one() =>
        Given([.. Announced(Earlier), Cutting(T1, T2, parent: 1), Created(2, T1, T2)])
            .When(new ConfirmSeeding(Id, Hash(2), "a", Peer(1)))
            .Then(Seeding(2), Prepared(NowClock, 2, 1));

    [Fact]
    public void The_same_node_again_is_quiet_because_it_seeds_already() =>
        Given(Announced(Earlier)).When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1))).ThenNothing();

    [Fact]
    public void The_same_node_at_another_address_is_a_fact_because_the_next_announcement_names_it_there() =>
        Given(Announced(Earlier)).When(new ConfirmSeeding(Id, Hash(1), "a", Peer(9))).Then(Seeding(1, "a", 9));

    [Fact]
    public void A_torrent_that_was_replaced_is_quiet_because_its_seeder_is_no_news() =>
        Given([.. Announced(Earlier), Cutting(T1, T2, parent: 1), Created(2, T1, T2)])
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .ThenNothing();

    [Fact]
    public void Before_the_first_torrent_it_is_quiet_because_there_is_nothing_to_seed() =>
        Given(Enabled).When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1))).ThenNothing();

    [Fact]
    public void Without_the_key_the_seeding_is_a_fact_all_the_same_because_it_is_true() =>
        Given(Enabled, Cutting(), Created(1))
            .Knowing(facts => facts with { Sign = null })
            .When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1)))
            .Then(Seeding(1));

    [Fact]
    public void A_node_that_has_the_key_announces_what_one_without_it_could_not() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1))
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2), Prepared(NowClock, 1, 2));

    [Fact]
    public void A_member_seeds_and_does_not_announce_because_only_the_control_node_does() =>
        Given(Followed(Earlier, 1)[..^1]).When(new ConfirmSeeding(Id, Hash(1), "m", Peer(1))).Then(Seeding(1, "m"));
}
