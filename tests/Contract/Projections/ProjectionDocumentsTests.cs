using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Tests.Projections;
using Marten;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ProjectionDocumentsTests(PostgresFixture postgres)
{
    private const int LongestHistory = 400;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 30 : 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Documents_are_the_fold_of_the_events_whatever_the_history_and_after_a_rebuild_too()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);

        for (var round = 0; round < Rounds; round++)
        {
            await store.Append(Enumerable.Range(0, random.Next(1, LongestHistory)).Select(_ => random.Next()), Cancel);
            await store.CatchUp();
            await store.ShouldBeFolded(Cancel);
        }
        foreach (var projection in AllProjections.List)
        {
            await store.Database.Run($"delete from {projection.Table} where id > (select min(id) from {projection.Table})", Cancel);
            await store.Database.Run($"update {projection.Table} set data = jsonb_set(data, '{{LastSeq}}', '0')", Cancel);
            var reports = new Reports();
            await new ProjectionRebuild(store.Store, TimeProvider.System).Run(projection, reports, Cancel);
            reports.All[^1].ShouldSatisfyAllConditions(last => last.Done.ShouldBe(last.Total), last => last.Total.ShouldBeGreaterThan(0));
        }
        await store.ShouldBeFolded(Cancel);
    }

    [Fact]
    public async Task What_is_folded_again_changes_nothing_because_a_leader_that_was_paused_does_so()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append(Enumerable.Range(0, 150), Cancel);
        await store.CatchUp();

        await store.Database.Run("update mt_event_progression set last_seq_id = 20 where name like '%:All'", Cancel);
        await store.CatchUp();

        await store.ShouldBeFolded(Cancel);
    }

    [Fact]
    public async Task A_changed_fold_catches_up_beside_the_old_one_whose_documents_stay_whole()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append(Enumerable.Range(0, 150), Cancel);
        await store.CatchUp();
        using var next = await ProjectedStore.Open(
            store.Database,
            options =>
            {
                options.Projections.All.RemoveAll(projection => projection.Name == "Communities");
                options.Projections.Add(new ChangedCommunities(), JasperFx.Events.Projections.ProjectionLifecycle.Async);
            }
        );

        await ProjectedStore.CatchUp(next);

        await store.ShouldBeFolded(Cancel);
        await ShouldBeChanged();
        await store.Append(Enumerable.Range(0, 50), Cancel);
        await Task.WhenAll(store.CatchUp(), ProjectedStore.CatchUp(next));
        await store.ShouldBeFolded(Cancel);
        await ShouldBeChanged();

        async Task ShouldBeChanged() =>
            (await store.Documents("mt_doc_communities_2", Cancel)).ShouldBe(
                ProjectedStore.Texts(LiveFold.Documents(new ChangedCommunities(), await store.Events(Cancel)))
            );
    }

    [Fact]
    public async Task An_event_that_cannot_be_folded_ends_a_rebuild_with_its_number_and_the_reason()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append([EventSamples.All.OfType<HistoryArchivesEnabled>().First(), EventSamples.Numbered(1)], Cancel);
        await store.Append([EventSamples.All.OfType<DownloadFailed>().First()], Cancel);

        var fault = await Should.ThrowAsync<InvalidOperationException>(() =>
            new ProjectionRebuild(store.Store, TimeProvider.System).Run(AllProjections.Downloads, new Reports(), Cancel)
        );

        fault.Message.ShouldContain("Downloads is not rebuilt");
        fault.Message.ShouldContain("event #3");
        fault.Message.ShouldContain("without a DownloadStarted");
        await new ProjectionRebuild(store.Store, TimeProvider.System).Run(AllProjections.Timeline, new Reports(), Cancel);
        (await store.Database.Scalar<long>("select count(*) from mt_doc_timeline", Cancel)).ShouldBe(3);
    }

    [Fact]
    public async Task Rows_are_found_by_id_listed_by_community_and_paged_in_the_order_of_their_ids()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append(Enumerable.Range(0, 90), Cancel);
        await store.CatchUp();
        var reader = new ProjectionReader(store.Store);
        var community = RandomHistory.Id(1);

        (await reader.Find<CommunitySummary>($"community-{community}", Cancel)).ShouldNotBeNull().CommunityId.ShouldBe(community);
        (await reader.Find<CommunitySummary>("community-0x02", Cancel)).ShouldBeNull();
        (await reader.List<CommunitySummary>(community, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem().CommunityId.ShouldBe(community);
        (await reader.List<CommunitySummary>(null, Cancel).ToListAsync(Cancel)).Count.ShouldBe(RandomHistory.Communities);
        var entries = await reader.List<TimelineEntry>(community, Cancel).ToListAsync(Cancel);
        entries.ShouldAllBe(entry => entry.CommunityId == community);
        entries.Select(entry => entry.Seq).ShouldBe(entries.Select(entry => entry.Seq).Order());
        entries.Count.ShouldBe(
            (int)await store.Database.Scalar<long>($"select count(*) from mt_events where stream_id = 'community-{community}'", Cancel)
        );
        List<string> keys = [];
        for (
            string? after = null;
            await reader.Page(AllProjections.Timeline, null, after, 7, Cancel) is { Count: > 0 } page;
            after = keys[^1]
        )
            keys.AddRange(page.Select(row => row.Key));
        keys.ShouldBe(await store.Database.Rows("""select id from mt_doc_timeline order by id collate "C" """, Cancel));
        var shown = (await reader.Page(AllProjections.Archives, community, null, 1, Cancel)).ShouldHaveSingleItem().Row;
        shown.GetProperty("origin").GetString().ShouldBe("downloaded");
        shown.GetProperty("communityId").GetString().ShouldBe(community.ToString());
    }

    [Fact]
    public async Task Clocks_are_kept_up_to_the_largest()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append(
            [.. EventSamples.All.Where(e => e is HistoryArchivesEnabled or ChannelsChanged or MagnetlinkPublished or MagnetlinkReceived)],
            Cancel
        );
        await store.CatchUp();

        var clocks = (
            await new ProjectionReader(store.Store).Find<KnownClocks>($"community-{EventSamples.Community}", Cancel)
        ).ShouldNotBeNull();

        (clocks.Published, clocks.PublishedMagnetlink).ShouldBe((EventSamples.Clock, EventSamples.Magnetlink));
        (clocks.Received, clocks.ReceivedMagnetlink).ShouldBe((new Clock(ulong.MaxValue), EventSamples.Magnetlink));
        (clocks.Description, clocks.DescriptionMagnetlink).ShouldBe((EventSamples.Clock, EventSamples.Magnetlink));
        clocks.LastSeen.ShouldNotBeNull().From.ShouldBe(SeenFrom.AnotherHolder);
    }

    [Fact]
    public async Task The_tables_stay_as_they_are_when_they_are_compared_with_what_is_expected()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);

        await store.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(Cancel);

        (await store.Database.Rows("select indexdef from pg_indexes where indexname = 'mt_doc_timeline_idx_id'", Cancel))
            .ShouldHaveSingleItem()
            .ShouldContain("COLLATE \"C\"");
    }
}
