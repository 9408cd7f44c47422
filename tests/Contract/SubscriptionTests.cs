using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SubscriptionTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_committed_event_is_published_in_order_and_the_checkpoint_follows()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);

        for (var append = 0; append < 5; append++)
            await node.AppendAll([.. Enumerable.Range(append * 50, 50).Select(EventSamples.Numbered)]);
        await node.CaughtUp("publish");

        node.Published.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, 250).Select(seq => (long)seq));
        var status = await node.Status("publish");
        (status.LastSeq, status.HeadSeq, status.StoppedReason, status.LastError).ShouldBe((250, 250, null, null));
        status.LastMovedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_bus_that_is_away_is_waited_for_and_nothing_is_passed_over()
    {
        var tries = 0;
        await using var node = await TestNode.Start(
            await postgres.Create(Cancel),
            Cancel,
            recorded => recorded.Seq == 3 && ++tries <= 3 ? throw new TimeoutException("The broker does not answer.") : Task.CompletedTask
        );

        await node.AppendAll([.. Enumerable.Range(0, 5).Select(EventSamples.Numbered)]);
        await node.CaughtUp("publish");

        tries.ShouldBe(4);
        node.Published.Select(e => e.Seq).ShouldBe([1L, 2, 3, 4, 5], "what was published before the fault is not published again");
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_stops_each_subscription_there_and_is_named()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        await node.Append(EventSamples.Numbered(1));
        await node.CaughtUp("publish");
        // Inside one transaction with the damage, so that no subscription sees the event whole.
        await node.Database.Run(
            """
            do $$ begin
                perform ea_append(array['community-a'], array[1::bigint], array[gen_random_uuid()], array['Test'], array[''], array[''],
                    array[null::text], array[null::text], array[1], array[3], array['archive_skipped', 'seeding_paused'], array['', ''],
                    array[1, 1, 1], array[1, 2, 1], array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()],
                    array[2::bigint, 3, 4], array_fill((select data from mt_events where seq_id = 1), array[3]),
                    array_fill('null'::jsonb, array[3]));
            end $$
            """,
            Cancel
        );

        await node.Until("publish has stopped", async () => (await node.Status("publish")).StoppedReason is not null);

        var status = await node.Status("publish");
        status.StoppedReason!.ShouldContain("seq_id 3");
        status.StoppedReason!.ShouldContain("seeding_paused");
        status.StoppedReason!.ShouldContain("projections retry publish.");
        status.StoppedReason!.ShouldContain("projections skip publish 3 --reason");
        (status.LastSeq, status.HeadSeq).ShouldBe((2, 4));
        node.Published.Select(e => e.Seq).ShouldBe([1L, 2]);
    }

    [Fact]
    public async Task An_event_that_one_projection_cannot_handle_stops_that_one_alone()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        // Published for a community that was never enabled: the fold of MagnetlinkClocks has no row for it.
        await node.AppendAll([EventSamples.Numbered(1), EventSamples.All.OfType<MagnetlinkPublished>().First(), EventSamples.Numbered(2)]);

        await node.CaughtUp("publish");
        await node.CaughtUp("PendingWork");
        await node.Until("MagnetlinkClocks has stopped", async () => (await node.Status("MagnetlinkClocks")).StoppedReason is not null);

        var status = await node.Status("MagnetlinkClocks");
        status.StoppedReason!.ShouldContain("seq_id 2");
        status.LastSeq.ShouldBe(1);
        (await node.Status("publish")).StoppedReason.ShouldBeNull();
    }

    [Fact]
    public async Task Clocks_are_projected_up_to_the_largest()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        await node.AppendAll(EventSamples.All);
        await node.CaughtUp("MagnetlinkClocks");

        var clocks = await node
            .Services.GetRequiredService<ProjectionReader>()
            .Find(AllProjections.MagnetlinkClocks, EventSamples.Community.ToString(), Cancel);

        clocks.ShouldNotBeNull();
        (clocks.Published, clocks.PublishedMagnetlink).ShouldBe((EventSamples.Clock, EventSamples.Magnetlink));
        (clocks.Received, clocks.ReceivedMagnetlink).ShouldBe((new Clock(ulong.MaxValue), EventSamples.Magnetlink));
        (clocks.Description, clocks.DescriptionMagnetlink).ShouldBe((EventSamples.Clock, EventSamples.Magnetlink));
        clocks.LastSeen.ShouldNotBeNull().From.ShouldBe(SeenFrom.AnotherHolder);
    }

    [Fact]
    public async Task Of_two_nodes_one_publishes_and_the_other_goes_on_when_it_ends()
    {
        await using var database = await postgres.Create(Cancel);
        await using var first = await TestNode.Start(database, Cancel, ownsDatabase: false);
        await using var second = await TestNode.Start(new TestDatabase(database.ConnectionString), Cancel);

        for (var append = 0; append < 20; append++)
            await first.AppendAll([.. Enumerable.Range(0, 5).Select(EventSamples.Numbered)]);
        await first.CaughtUp("publish");
        await first.Stop();
        await second.AppendAll([EventSamples.Numbered(101)]);
        await second.CaughtUp("publish");

        first.Published.Concat(second.Published).Select(e => e.Seq).Order().ShouldBe(Enumerable.Range(1, 101).Select(seq => (long)seq));
        second.Published.Last().Seq.ShouldBe(101);
    }

    [Fact]
    public async Task Subscriptions_go_on_after_the_server_ended_their_connections()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        await node.Append(EventSamples.Numbered(1));
        await node.CaughtUp("publish");

        await using (var other = new TestDatabase(node.Database.ConnectionString))
            await other.Run(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
                Cancel
            );
        await node.Until("an append gets through again", () => Appended(node));
        await node.CaughtUp("publish");
        await node.CaughtUp("PendingWork");
        await node.Listening();

        node.Published.Select(e => e.Seq).ShouldBe([1L, 2]);
    }

    [Fact]
    public async Task What_was_published_before_a_stop_is_not_published_again_after_it()
    {
        var database = await postgres.Create(Cancel);
        var reached = new TaskCompletionSource();
        var blocked = new TaskCompletionSource();
        await using (
            var first = await TestNode.Start(
                database,
                Cancel,
                async recorded =>
                {
                    if (recorded.Seq != 4)
                        return;
                    reached.SetResult();
                    await blocked.Task.WaitAsync(Cancel);
                    throw new OperationCanceledException();
                },
                ownsDatabase: false
            )
        )
        {
            await first.AppendAll([.. Enumerable.Range(0, 6).Select(EventSamples.Numbered)]);
            await reached.Task.WaitAsync(Cancel);
            var stopping = first.Stop();
            blocked.SetResult();
            await stopping;
            first.Published.Select(e => e.Seq).ShouldBe([1L, 2, 3]);
        }
        await using var second = await TestNode.Start(database, Cancel);
        await second.CaughtUp("publish");

        second.Published.Select(e => e.Seq).ShouldBe([4L, 5, 6]);
    }

    private static async Task<bool> Appended(TestNode node)
    {
        try
        {
            await node.Append(EventSamples.Numbered(2));
            return true;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }
}
