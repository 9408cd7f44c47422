using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The account of what was heard, the same in Postgres and in memory.</summary>
public sealed class CoverageTests(PostgresFixture postgres)
{
    private static readonly CommunityId Community = EventSamples.Community;
    private static readonly ContentTopic Other = ContentTopic.Parse("0xffffffff");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ranges_add_up_and_what_a_store_filled_is_no_gap_any_more(bool inPostgres)
    {
        await using var database = await postgres.Create(Cancel);
        ICoverage coverage = inPostgres ? new PostgresCoverage(database.Source) : new InMemoryCoverage();
        (await coverage.List(Community, Cancel)).ShouldBeEmpty();
        await Add(EventSamples.Topic, Coverage.Heard, 1, 2);
        (await coverage.List(Community, Cancel)).ShouldBeEmpty("nobody wants it");

        await coverage.Want(Community, [EventSamples.Topic, Other], 100, Cancel);
        await coverage.Want(Community, [EventSamples.Topic], 50, Cancel);
        await Add(EventSamples.Topic, Coverage.Heard, 100, 200);
        await Add(EventSamples.Topic, Coverage.Heard, 200, 300);
        await Add(EventSamples.Topic, Coverage.Heard, 400, 500);
        await Add(EventSamples.Topic, Coverage.Gap, 300, 400);
        await Add(EventSamples.Topic, Coverage.Filled, 350, 450);
        await coverage.Add(Community, [EventSamples.Topic], Coverage.Gap, TimeRanges.None, Cancel);

        var rows = await coverage.List(Community, Cancel);
        rows.Select(row => (row.ContentTopic, row.WantedFrom)).ShouldBe([(EventSamples.Topic, 100UL), (Other, 100UL)]);
        rows[0].Heard.ToString().ShouldBe("[100,300) [450,500)");
        rows[0].Filled.ToString().ShouldBe("[350,450)");
        rows[0].Gaps.ToString().ShouldBe("[300,350)");
        rows[1].ShouldBe(TopicCoverage.Wanted(Other, 100));

        Task Add(ContentTopic topic, Coverage kind, ulong from, ulong to) =>
            coverage.Add(Community, [topic], kind, TimeRanges.Of(new TimeRange(from, to)), Cancel);
    }

    [Fact]
    public async Task Channel_keys_are_kept_once()
    {
        await using var database = await postgres.Create(Cancel);
        var keys = new PostgresChannelKeys(database.Source);
        await keys.Keep(new Dictionary<string, byte[]> { ["general"] = [1, 2], ["other"] = [3] }, Cancel);
        await keys.Keep(new Dictionary<string, byte[]> { ["general"] = [9] }, Cancel);

        var found = await keys.Find(["general", "nowhere"], Cancel);

        found.ShouldHaveSingleItem().Key.ShouldBe("general");
        found["general"].ShouldBe([1, 2]);
    }
}
