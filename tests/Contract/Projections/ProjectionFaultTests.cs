using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ProjectionFaultTests(PostgresFixture postgres)
{
    private const long Broken = 5;
    private const string Damage = "update mt_events set data = data - 'CommunityId' where seq_id = 5";
    private const string Mend =
        "update mt_events set data = data || jsonb_build_object('CommunityId', substr(stream_id, 11)) where seq_id = 5";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Communities")]
    [InlineData("Timeline")]
    [InlineData("PendingWork")]
    [InlineData("publish")]
    public async Task A_stopped_subscription_is_seen_on_every_node_and_goes_on_by_itself_when_it_is_retried(string name)
    {
        await using var database = await Damaged();
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);
        await node.Until($"{name} has stopped", async () => (await node.Status(name)).StoppedReason is not null);
        // A node tries the event once when it starts. Only when it has done so in vain nothing but a retry can help.
        var seen = $"select extract(epoch from at)::text from ea_subscription_faults where name = '{name}'";
        var first = await database.Rows(seen, Cancel);
        await using var other = await TestNode.Start(new TestDatabase(database.ConnectionString), Cancel);
        await other.Until($"{name} was tried by the other node", async () => !(await database.Rows(seen, Cancel)).SequenceEqual(first));
        var faults = node.Services.GetRequiredService<SubscriptionFaults>();
        foreach (var one in new[] { node, other })
        {
            await one.Until($"{name} has stopped", async () => (await one.Status(name)).StoppedReason is not null);
            (await one.Status(name)).StoppedReason!.ShouldContain($"seq_id {Broken}");
        }
        (await node.Status(name)).LastSeq.ShouldBe(Broken - 1, "what comes before the event is kept");

        await database.Run(Mend, Cancel);
        (await faults.Retry(name, Cancel)).SeqId.ShouldBe(Broken);

        await node.CaughtUp(name);
        (await node.Status(name)).StoppedReason.ShouldBeNull();
        (await Should.ThrowAsync<InvalidOperationException>(() => faults.Retry(name, Cancel))).Message.ShouldContain("has not stopped");
        if (AllProjections.Find(name) is { } projection)
            await database.ShouldBeFolded(projection, Cancel);
    }

    [Fact]
    public async Task A_skipped_event_is_passed_over_with_a_record_and_a_rebuild_passes_over_it_too()
    {
        var database = await Damaged();
        await using var node = await TestNode.Start(database, Cancel);
        var faults = node.Services.GetRequiredService<SubscriptionFaults>();
        foreach (var name in new[] { "Timeline", "Communities" })
            await node.Until($"{name} has stopped", async () => (await node.Status(name)).StoppedReason is not null);
        (
            await Should.ThrowAsync<InvalidOperationException>(() => faults.Skip("Timeline", 6, "Not this one.", "me@here", Cancel))
        ).Message.ShouldContain("stopped at event 5, not at 6");

        await faults.Skip("Timeline", Broken, "Its body was lost.", "me@here", Cancel);

        await node.CaughtUp("Timeline");
        (await database.Rows("select name, seq_id, reason, skipped_by from ea_skipped_events", Cancel)).ShouldBe([
            "Timeline|5|Its body was lost.|me@here",
        ]);
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel, Broken);
        await new ProjectionRebuild(database.Source).Run(AllProjections.Timeline, new Reports(), Cancel);
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel, Broken);
        (await node.Status("Communities")).StoppedReason.ShouldNotBeNull("the record is for one projection alone");
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("PendingWork")]
    public async Task Other_subscriptions_can_skip_too(string name)
    {
        var database = await Damaged();
        await using var node = await TestNode.Start(database, Cancel);
        await node.Until($"{name} has stopped", async () => (await node.Status(name)).StoppedReason is not null);

        await node.Services.GetRequiredService<SubscriptionFaults>().Skip(name, Broken, "Nobody waits for it.", "me@here", Cancel);

        await node.CaughtUp(name);
    }

    [Fact]
    public async Task A_projection_that_is_not_about_the_broken_event_goes_on()
    {
        var database = await Damaged();
        await database.Run("update mt_events set type = 'archive_skipped' where seq_id = 5", Cancel);
        await using var node = await TestNode.Start(database, Cancel);

        await node.CaughtUp("Downloads");
        await node.Until("Communities has stopped", async () => (await node.Status("Communities")).StoppedReason is not null);

        await database.ShouldBeFolded(AllProjections.Downloads, Cancel, Broken);
    }

    [Fact]
    public async Task A_node_that_starts_tries_the_event_again_because_its_version_may_know_it()
    {
        var database = await Damaged();
        await using (var node = await TestNode.Start(database, Cancel, ownsDatabase: false))
            await node.Until("Timeline has stopped", async () => (await node.Status("Timeline")).StoppedReason is not null);
        await database.Run(Mend, Cancel);

        await using var next = await TestNode.Start(database, Cancel);

        await next.CaughtUp("Timeline");
        (await next.Status("Timeline")).StoppedReason.ShouldBeNull();
    }

    [Fact]
    public async Task A_row_that_the_database_never_takes_stops_the_projection_at_its_event()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 60), Cancel);
        await database.Run("alter table ea_timeline add constraint refused check ((row ->> 'seq')::bigint <> 37)", Cancel);
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);

        await node.Until("Timeline has stopped", async () => (await node.Status("Timeline")).StoppedReason is not null);

        var status = await node.Status("Timeline");
        status.LastSeq.ShouldBe(36);
        status.StoppedReason!.ShouldContain("seq_id 37");
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel);
    }

    [Fact]
    public async Task A_subscription_that_does_not_move_while_events_wait_is_told_wherever_one_asks()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 10), Cancel);
        // Nobody runs it: the node that does may hang, and this process only looks.
        await database.Run("insert into mt_event_progression values ('Timeline', 3, now() - interval '31 s')", Cancel);
        await database.Run("insert into mt_event_progression values ('Seeding', 3, now() - interval '1 s')", Cancel);

        var statuses = await new SubscriptionHealth(database.Source, []).Read(Cancel);

        statuses.Single(one => one.Name == "Timeline").StandsSince.ShouldNotBeNull();
        statuses.Single(one => one.Name == "Seeding").StandsSince.ShouldBeNull("it moved less than 30 s ago");
        statuses.Single(one => one.Name == "publish").StandsSince.ShouldNotBeNull("its events have waited for long, though it never moved");
        await database.Run("update mt_event_progression set last_seq_id = (select max(seq_id) from mt_events)", Cancel);
        (await new SubscriptionHealth(database.Source, []).Read(Cancel)).Single(one => one.Name == "Timeline").StandsSince.ShouldBeNull();
    }

    private async Task<TestDatabase> Damaged()
    {
        var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 20), Cancel);
        await database.Run(Damage, Cancel);
        return database;
    }
}
