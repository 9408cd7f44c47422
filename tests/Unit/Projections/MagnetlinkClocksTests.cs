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
        Row(Enabled).ShouldBe(new MagnetlinkClocks(Id));

    [Fact]
    public void A_prepared_announcement_is_not_published_because_no_node_has_accepted_it() =>
        Row(Enabled, Cutting(), Created(1), Seeding(1), Prepared(Five, 1, 1)).ShouldBe(new MagnetlinkClocks(Id));

    [Fact]
    public void The_last_published_announcement_is_kept_because_its_clock_is_the_highest() =>
        Row([.. Announced(Five), Prepared(Six, 1, 2), Published(Six, 1, 2)])
            .ShouldBe(new MagnetlinkClocks(Id, Published: Six, PublishedMagnetlink: Magnet(1, 2)));

    [Fact]
    public void The_last_received_announcement_is_kept_because_only_a_higher_clock_is_received() =>
        Row(Member, Received(Five, 1), Received(Six, 2)).ShouldBe(new MagnetlinkClocks(Id, Received: Six, ReceivedMagnetlink: Magnet(2)));

    [Fact]
    public void What_was_ignored_changes_nothing_because_it_is_not_followed() =>
        Row(Member, Received(Six, 2), Ignored(Five, 1, IgnoredBecause.OlderClock))
            .ShouldBe(new MagnetlinkClocks(Id, Received: Six, ReceivedMagnetlink: Magnet(2)));

    [Fact]
    public void A_repeated_beginning_keeps_the_row_because_a_fact_is_never_undone_by_another_beginning() =>
        Row([.. Announced(Five), Enabled]).ShouldBe(new MagnetlinkClocks(Id, Five, Magnet(1, 1)));

    [Fact]
    public void Every_other_event_leaves_the_row_as_it_is() =>
        Row([.. Followed(Five, 1)]).ShouldBe(new MagnetlinkClocks(Id, Received: Five, ReceivedMagnetlink: Magnet(1)));

    private static MagnetlinkClocks? Row(params IEvent[] events) =>
        events.Aggregate<IEvent, MagnetlinkClocks?>(null, MagnetlinkClocks.Apply);
}
