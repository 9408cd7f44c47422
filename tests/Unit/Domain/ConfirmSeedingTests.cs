using EventArchive.Domain;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ConfirmSeedingTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);

    [Fact]
    public void The_first_seeding_asks_for_an_announcement_because_now_the_torrent_can_be_fetched() =>
        Given(Enabled, Cutting(), Created(1)).When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1))).Then(Seeding(1), Requested(1));

    [Fact]
    public void A_seeder_that_does_not_listen_is_announced_too_because_it_may_reach_others_itself() =>
        Given(Enabled, Cutting(), Created(1)).When(new ConfirmSeeding(Id, Hash(1), "a", null)).Then(Seeding(1, peer: null), Requested(1));

    [Fact]
    public void The_second_node_does_not_announce_because_each_torrent_is_announced_once() =>
        Given(Announced(Earlier)).When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2))).Then(Seeding(1, "b", 2));

    [Fact]
    public void The_second_node_does_not_announce_before_the_first_announcement_is_out_because_it_is_under_way() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Prepared(Earlier, 1, 1))
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2));

    [Fact]
    public void The_second_node_does_not_announce_before_the_first_announcement_is_signed_because_it_was_asked_for() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Requested(1))
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2));

    [Fact]
    public void The_next_torrent_is_announced_because_it_is_another_one() =>
        Given([.. Announced(Earlier), Cutting(T1, T2, parent: 1), Created(2, T1, T2)])
            .When(new ConfirmSeeding(Id, Hash(2), "a", Peer(1)))
            .Then(Seeding(2), Requested(2));

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
    public void Without_the_key_the_announcement_is_asked_for_too_because_an_announcer_may_have_it_later() =>
        Given(Enabled, Cutting(), Created(1))
            .Knowing(facts => facts with { KeyIsHere = false })
            .When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1)))
            .Then(Seeding(1), Requested(1));

    [Fact]
    public void After_the_last_seeder_has_left_the_next_one_is_announced_although_an_announcement_was_asked_for_before() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Requested(1), Stopped(1, left: 0))
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2), Requested(1));

    [Fact]
    public void A_member_seeds_and_does_not_announce_because_only_the_control_node_does() =>
        Given(Followed(Earlier, 1)[..^1]).When(new ConfirmSeeding(Id, Hash(1), "m", Peer(1))).Then(Seeding(1, "m"));
}
