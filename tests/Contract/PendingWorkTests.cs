using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Work is there when the commit of its event is; the node under test takes what is due.</summary>
public sealed class PendingWorkTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly CommunityId Community = EventSamples.Community;

    private TestNode node = null!;
    private IPendingWork work = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        work = node.Services.GetRequiredService<IPendingWork>();
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task Work_is_due_with_its_cause_and_only_one_node_gets_it()
    {
        var cause = await node.Append(Started());

        var taken = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();

        taken.ShouldBe(new PendingWork(Community, Effect.Cut, cause.Id, cause.At, Attempts: 1, Fence: 1, cause.CorrelationId));
        (await work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldBeNull();
        (await work.Take(Effect.Seed, "b", Lease, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Work_of_a_commit_that_was_a_conflict_is_never_seen_because_it_belongs_to_that_transaction()
    {
        var store = node.Services.GetRequiredService<CommunityStore>();

        (await store.Store([Started()], Cancel, null, () => store.Store([Download(EventSamples.InfoHash)], Cancel))).ShouldBeNull();

        (await node.Database.Rows("select effect from ea_pending_work", Cancel)).ShouldBe(["Download"]);
    }

    [Fact]
    public async Task A_report_ends_the_work_and_its_holder_can_do_no_more()
    {
        await node.Append(Started());
        var taken = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();

        await node.Append(EventSamples.All.OfType<ArchiveCreated>().First());

        (await work.Renew(taken, Lease, Cancel)).ShouldBeFalse();
        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldBeNull();
        (await work.Take(Effect.Seed, "a", Lease, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_download_that_replaces_another_is_due_although_the_first_was_cancelled_in_the_same_breath()
    {
        await node.Append(Download(EventSamples.OlderInfoHash));
        var old = (await work.Take(Effect.Download, "a", Lease, Cancel)).ShouldNotBeNull();

        var events = await node.AppendAll([
            new DownloadCancelled(Community, EventSamples.OlderInfoHash, EventSamples.InfoHash),
            Download(EventSamples.InfoHash),
        ]);

        (await work.Renew(old, Lease, Cancel)).ShouldBeFalse("its row is gone, and the new one is another's");
        var now = (await work.Take(Effect.Download, "b", Lease, Cancel)).ShouldNotBeNull();
        (now.CauseId, now.Attempts).ShouldBe((events[1].Id, 1));
        // The old holder's fence may be the new one's number: its cause still shuts it out.
        now.Fence.ShouldBe(old.Fence);
        await work.Release(old, TimeSpan.Zero, "late", Cancel);
        (await work.Renew(now, Lease, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_cause_begins_afresh_and_shuts_out_whoever_works_on_the_old_one()
    {
        await node.Append(Prepared(1));
        var old = (await work.Take(Effect.Announce, "a", Lease, Cancel)).ShouldNotBeNull();
        await work.Park(old, "no node", Cancel);

        await node.Append(Prepared(2));

        (await work.ListParked(Cancel)).ShouldBeEmpty();
        var now = (await work.Take(Effect.Announce, "a", Lease, Cancel)).ShouldNotBeNull();
        now.Attempts.ShouldBe(1);
        now.Fence.ShouldBeGreaterThan(old.Fence);
        (await work.Renew(old, Lease, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_expired_lease_goes_to_the_next_and_the_first_is_fenced_off()
    {
        await node.Append(Started());
        var first = (await work.Take(Effect.Cut, "a", TimeSpan.Zero, Cancel)).ShouldNotBeNull();

        var second = (await work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldNotBeNull();

        (second.Attempts, second.Fence).ShouldBe((2, first.Fence + 1));
        (await work.Renew(first, Lease, Cancel)).ShouldBeFalse();
        await work.Release(first, TimeSpan.Zero, error: null, Cancel);
        await work.Park(first, "late", Cancel);
        (await work.Take(Effect.Cut, "c", Lease, Cancel)).ShouldBeNull("the second holds it still");
        (await work.Renew(second, Lease, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Released_work_is_due_after_the_delay_with_its_attempts_kept()
    {
        await node.Append(Started());
        var first = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
        await work.Release(first, Lease, "the disk is full \0", Cancel);
        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldBeNull("it is not due for a minute");
        (await work.Renew(first, Lease, Cancel)).ShouldBeFalse("it is not leased");

        await node.Database.Run("update ea_pending_work set next_due = now()", Cancel);
        var second = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
        second.Attempts.ShouldBe(2);
        await work.Release(second, TimeSpan.Zero, error: null, Cancel);
        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull().Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task Postponed_work_is_due_after_the_delay_and_its_try_does_not_count()
    {
        await node.Append(Started());
        for (var again = 0; again < 3; again++)
        {
            var taken = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
            taken.Attempts.ShouldBe(1);
            await work.Postpone(taken, Lease, "the archive root is away", Cancel);
            (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldBeNull("it is not due for a minute");
            await node.Database.Run("update ea_pending_work set next_due = now()", Cancel);
        }
    }

    [Fact]
    public async Task Parked_work_is_off_the_schedule_and_shown_with_its_reason()
    {
        await node.Append(Started());
        await work.Park((await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull(), "three tries", Cancel);

        (await work.ListParked(Cancel)).ShouldBe([new ParkedWork(Community, Effect.Cut, 1, "three tries")]);
        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_node_that_starts_again_frees_what_it_held_and_nothing_else()
    {
        await node.Append(Started());
        await node.Append(Download(EventSamples.InfoHash));
        var held = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
        await work.Take(Effect.Download, "b", Lease, Cancel);

        await work.ReleaseAll("a", Cancel);

        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull().Attempts.ShouldBe(2);
        (await work.Take(Effect.Download, "a", Lease, Cancel)).ShouldBeNull();
        (await work.Renew(held, Lease, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_longest_waiting_row_goes_first_and_nodes_that_take_at_once_get_different_rows()
    {
        foreach (var number in Enumerable.Range(0, 6))
            await node.Append(Of(number));

        var first = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
        first.CommunityId.ShouldBe(Of(0).CommunityId);
        var rest = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(n => Task.Run(() => work.Take(Effect.Cut, $"n{n}", Lease, Cancel), Cancel))
        );

        rest.OfType<PendingWork>().Select(row => row.CommunityId).Distinct().Count().ShouldBe(rest.OfType<PendingWork>().Count());
        rest.Select(row => row?.CommunityId).ShouldNotContain(first.CommunityId);
    }

    [Fact]
    public async Task Work_that_failed_lets_newer_work_pass_but_not_for_ever()
    {
        await node.Append(Of(0));
        await node.Append(Of(1));
        var failed = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
        await work.Release(failed, TimeSpan.Zero, "nobody has it", Cancel);
        await node.Database.Run("update ea_pending_work set next_due = next_due - interval '9 minutes' where attempts = 1", Cancel);

        var newer = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();
        newer.CommunityId.ShouldBe(Of(1).CommunityId);
        await node.Append(Of(2));
        await node.Database.Run("update ea_pending_work set next_due = next_due - interval '2 minutes' where community like '%0'", Cancel);
        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull().CommunityId.ShouldBe(failed.CommunityId);
    }

    [Fact]
    public async Task A_download_that_an_operator_asked_for_goes_before_those_that_came_of_themselves()
    {
        var enabled = EventSamples.All.OfType<HistoryArchivesEnabled>().First() with { CommunityId = Community };
        await node.Append(enabled with { CommunityId = Of(1).CommunityId, ControlNode = false });
        await node.Append(Download(EventSamples.InfoHash) with { CommunityId = Of(1).CommunityId });
        await node.Append(enabled with { ControlNode = true });
        await node.Append(Download(EventSamples.InfoHash));

        (await work.Take(Effect.Download, "a", Lease, Cancel)).ShouldNotBeNull().CommunityId.ShouldBe(Community);
        (await work.Take(Effect.Download, "a", Lease, Cancel)).ShouldNotBeNull().CommunityId.ShouldBe(Of(1).CommunityId);
    }

    [Fact]
    public async Task A_commit_wakes_the_workers_of_what_it_made_due_and_no_others()
    {
        await node.Listening();
        var (cut, seed) = (await node.Waiting(Effect.Cut), await node.Waiting(Effect.Seed));

        var cause = await node.Append(Started());

        await cut.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull().CauseId.ShouldBe(cause.Id);
        seed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Workers_are_woken_once_for_all_that_came_before_they_waited()
    {
        using var signals = new EffectSignals();
        await signals.Wake(Effect.Cut);
        signals.WakeAll();

        signals.Wait(Effect.Cut, Cancel).IsCompletedSuccessfully.ShouldBeTrue();
        signals.Wait(Effect.Cut, Cancel).IsCompleted.ShouldBeFalse();
    }

    private static ArchiveCreationStarted Started() => EventSamples.All.OfType<ArchiveCreationStarted>().First();

    private static ArchiveCreationStarted Of(int number) => Started() with { CommunityId = CommunityId.Parse($"0x02{number:x64}") };

    private static DownloadStarted Download(InfoHash infoHash) => new(Community, infoHash, EventSamples.Magnetlink);

    private static AnnouncementPrepared Prepared(ulong clock) =>
        new(Community, new Clock(clock), EventSamples.InfoHash, EventSamples.Magnetlink, [1]);
}
