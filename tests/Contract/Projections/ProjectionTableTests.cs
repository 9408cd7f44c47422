using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ProjectionTableTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_form_of_the_clocks_table_is_replaced_and_its_projection_folded_anew()
    {
        var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 50), Cancel);
        await database.Run(
            """
            drop table ea_magnetlink_clocks;
            create table ea_magnetlink_clocks (
                community text not null,
                published numeric(20, 0) null,
                published_magnetlink text null,
                received numeric(20, 0) null,
                received_magnetlink text null,
                constraint pkey_ea_magnetlink_clocks primary key (community)
            );
            insert into ea_magnetlink_clocks (community) values ('0x02');
            insert into mt_event_progression (name, last_seq_id) values ('MagnetlinkClocks', 40), ('publish', 50);
            drop table ea_schema
            """,
            Cancel
        );

        await new Database(database.Source).Apply(Cancel);

        (await database.Rows("select name, last_seq_id from mt_event_progression", Cancel)).ShouldBe(["publish|50"]);
        await using var node = await TestNode.Start(database, Cancel);
        await node.CaughtUp("MagnetlinkClocks");
        await database.ShouldBeFolded(AllProjections.MagnetlinkClocks, Cancel);
        await new Database(database.Source).Apply(Cancel);
        (await node.Status("MagnetlinkClocks")).Behind.ShouldBe(0, "the migration is done once");
    }

    [Fact]
    public async Task Rows_are_found_by_key_listed_by_community_and_paged_in_the_order_of_their_keys()
    {
        var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 90), Cancel);
        await using var node = await TestNode.Start(database, Cancel);
        await node.CaughtUp("Timeline");
        await node.CaughtUp("Communities");
        var reader = node.Services.GetRequiredService<ProjectionReader>();
        var community = RandomHistory.Id(1);

        (await reader.Find(AllProjections.Communities, community.ToString(), Cancel)).ShouldNotBeNull().CommunityId.ShouldBe(community);
        (await reader.Find(AllProjections.Communities, "0x02", Cancel)).ShouldBeNull();
        var entries = await reader.List(AllProjections.Timeline, community, Cancel).ToListAsync(Cancel);
        entries.ShouldAllBe(entry => entry.CommunityId == community);
        entries.Select(entry => entry.Seq).ShouldBe(entries.Select(entry => entry.Seq).Order());
        entries.Count.ShouldBe(
            (int)await database.Scalar<long>($"select count(*) from mt_events where stream_id = 'community-{community}'", Cancel)
        );
        List<string> keys = [];
        for (
            string? after = null;
            await reader.Page(AllProjections.Timeline, null, after, 7, Cancel) is { Count: > 0 } page;
            after = keys[^1]
        )
            keys.AddRange(page.Select(row => row.Key));
        keys.ShouldBe(await database.Rows("select key from ea_timeline order by key", Cancel));
    }

    [Fact]
    public async Task Two_nodes_fold_every_event_once_between_them()
    {
        await using var database = await postgres.Create(Cancel);
        await using var first = await TestNode.Start(database, Cancel, ownsDatabase: false);
        await using var second = await TestNode.Start(new TestDatabase(database.ConnectionString), Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 3000), Cancel);

        foreach (var projection in AllProjections.List)
        {
            await second.CaughtUp(projection.Name);
            await database.ShouldBeFolded(projection, Cancel);
        }
        await first.Stop();
    }
}
