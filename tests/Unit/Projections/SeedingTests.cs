using EventArchive.Events;
using EventArchive.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class SeedingTests
{
    [Fact]
    public void Each_node_has_a_row_with_its_torrent_and_where_it_listens() =>
        Rows(Enabled, Cutting(), Created(1), Seeding(1), Seeding(1, "b", peer: null))
            .ShouldBe([
                new NodeSeeding($"{Id}/a", Id, "a", Hash(1), Peer(1), Folded.At(4), Folded.At(4), Torrents: 1),
                new NodeSeeding($"{Id}/b", Id, "b", Hash(1), Peer: null, Folded.At(5), Folded.At(5), Torrents: 1),
            ]);

    [Fact]
    public void The_next_torrent_takes_the_place_of_the_last_and_the_first_day_stays() =>
        Rows(Seeding(1), Seeding(2))
            .ShouldBe([new NodeSeeding($"{Id}/a", Id, "a", Hash(2), Peer(1), Folded.At(2), Folded.At(1), Torrents: 2)]);

    [Fact]
    public void A_node_that_moved_serves_the_same_torrent_since_the_same_time() =>
        Rows(Seeding(1), Seeding(1, peer: 9))
            .ShouldBe([new NodeSeeding($"{Id}/a", Id, "a", Hash(1), Peer(9), Folded.At(1), Folded.At(1), Torrents: 1)]);

    [Fact]
    public void A_node_that_stopped_has_a_row_that_ends_and_begins_anew_when_it_comes_back()
    {
        Rows(Seeding(1), Stopped(1, left: 0))
            .ShouldBe([new NodeSeeding($"{Id}/a", Id, "a", Hash(1), Peer(1), Folded.At(1), Folded.At(1), Torrents: 1, Folded.At(2))]);
        Rows(Seeding(1), Stopped(1, left: 0), Seeding(1))
            .ShouldBe([new NodeSeeding($"{Id}/a", Id, "a", Hash(1), Peer(1), Folded.At(3), Folded.At(1), Torrents: 1)]);
    }

    [Fact]
    public void Whoever_served_without_a_word_has_no_row_when_it_stops() => Rows(Created(1), Stopped(1, left: 0)).ShouldBeEmpty();

    private static IReadOnlyList<NodeSeeding> Rows(params IEvent[] events) =>
        [.. Folded.Rows(new EventArchive.Projections.Seeding(), events).Select(row => row with { LastSeq = 0 })];
}
