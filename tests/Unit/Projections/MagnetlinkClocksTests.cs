using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class MagnetlinkClocksTests
{
    private static readonly Clock Five = new(5);
    private static readonly Clock Six = new(6);

    [Fact]
    public void A_community_without_an_announcement_has_a_row_because_it_is_in_our_care() =>
        Row(Enabled).ShouldBe(new KnownClocks(Folded.Stream, Id));

    [Fact]
    public void A_prepared_announcement_is_not_published_because_no_node_has_accepted_it() =>
        Row(Enabled, Cutting(), Created(1), Seeding(1), Prepared(Five, 1, 1)).ShouldBe(new KnownClocks(Folded.Stream, Id));

    [Fact]
    public void A_published_announcement_sets_both_clocks_because_whoever_publishes_writes_it_into_the_description() =>
        Row([.. Announced(Five), Prepared(Six, 1, 2), Published(Six, 1, 2)])
            .ShouldBe(
                new KnownClocks(
                    Folded.Stream,
                    Id,
                    Published: Six,
                    PublishedMagnetlink: Magnet(1, 2),
                    Description: Six,
                    DescriptionMagnetlink: Magnet(1, 2),
                    LastSeen: new(Six, Hash(1), Magnet(1, 2), SeenFrom.ThisDeployment, Folded.At(9))
                )
            );

    [Fact]
    public void The_last_received_announcement_is_kept_because_only_a_higher_clock_is_received() =>
        Row(Member, Received(Five, 1), Received(Six, 2)).ShouldBe(Heard(Six, 2, at: 3));

    [Fact]
    public void What_was_ignored_changes_nothing_because_it_is_not_followed() =>
        Row(Member, Received(Six, 2), Ignored(Five, 1, IgnoredBecause.OlderClock)).ShouldBe(Heard(Six, 2, at: 2));

    [Fact]
    public void An_unknown_clock_of_a_control_node_is_seen_from_another_holder_because_only_the_key_could_sign_it() =>
        Row([.. Announced(Five), Ignored(Six, 2, IgnoredBecause.OwnMessage)])!
            .LastSeen.ShouldBe(new(Six, Hash(2), null, SeenFrom.AnotherHolder, Folded.At(8)));

    [Fact]
    public void A_description_names_a_clock_alone_because_the_message_with_its_magnet_may_not_have_come() =>
        Row(Member, new ChannelsChanged(Id, [], Five)).ShouldBe(new KnownClocks(Folded.Stream, Id, Description: Five));

    [Fact]
    public void A_descriptions_magnet_is_the_one_with_its_clock_whichever_comes_first()
    {
        var row = Heard(Five, 1, at: 2) with { Description = Five, DescriptionMagnetlink = Magnet(1) };
        Row(Member, Received(Five, 1), new ChannelsChanged(Id, [], Five)).ShouldBe(row);
        Row(Member, new ChannelsChanged(Id, [], Five), Received(Five, 1))
            .ShouldBe(row with { LastSeen = row.LastSeen! with { At = Folded.At(3) } });
    }

    [Fact]
    public void Channels_without_a_clock_change_nothing_because_stored_events_before_it_had_none() =>
        Row([.. Announced(Five), new ChannelsChanged(Id, [])]).ShouldBe(Row(Announced(Five)));

    [Fact]
    public void A_repeated_beginning_keeps_the_row_because_a_fact_is_never_undone_by_another_beginning() =>
        Row([.. Announced(Five), Enabled]).ShouldBe(Row(Announced(Five)));

    [Fact]
    public void An_announcement_without_a_beginning_is_refused_because_no_rule_of_ours_gives_it() =>
        Should.Throw<InvalidOperationException>(() => Row(Published(Five, 1))).Message.ShouldContain("HistoryArchivesEnabled");

    private static KnownClocks Heard(Clock clock, int torrent, int at) =>
        new(
            Folded.Stream,
            Id,
            Received: clock,
            ReceivedMagnetlink: Magnet(torrent),
            LastSeen: new(clock, Hash(torrent), Magnet(torrent), SeenFrom.AnotherHolder, Folded.At(at))
        );

    private static KnownClocks? Row(params IEvent[] events) =>
        Folded.Rows(new MagnetlinkClocks(), events).SingleOrDefault() is { } row ? row with { LastSeq = 0 } : null;
}
