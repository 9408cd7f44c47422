using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>An event that cannot be read or folded: whom it stops, who sees it, and how it goes on.</summary>
public sealed class StoppedProjectionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const long Broken = 3;
    private const string Damage = "update mt_events set data = data - 'From' where seq_id = 3";
    private const string Mend = """update mt_events set data = data || '{"From": 3}' where seq_id = 3""";

    /// <summary>Those that read every type of event, and those that read this one.</summary>
    private static readonly string[] Reading = ["Communities", "Timeline", "Schedule", "publish"];

    private TestDatabase database = null!;
    private ServiceProvider verb = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Of a process that runs nothing.</summary>
    private ProjectionHealth Health => verb.GetRequiredService<ProjectionHealth>();

    private ProjectionFailures Failures => verb.GetRequiredService<ProjectionFailures>();

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        verb = TestStores.Of(database);
    }

    public async ValueTask DisposeAsync()
    {
        await verb.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_stops_those_that_read_it_and_no_other_and_every_process_sees_which_and_why()
    {
        await Store(EventSamples.Numbered(3));
        await database.Run(Damage, Cancel);
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);

        foreach (var name in Reading)
            await node.Until($"{name} has stopped", async () => await StoppedReason(name) is not null);
        foreach (var name in ProjectionHealth.Names.Except(Reading))
            await node.CaughtUp(name);

        foreach (var status in await Health.Read(Cancel))
        {
            if (!Reading.Contains(status.Name))
            {
                status.StoppedReason.ShouldBeNull(status.Name);
                continue;
            }
            status.LastSeq.ShouldBeLessThan(Broken);
            status.StoppedReason.ShouldNotBeNull(status.Name).ShouldContain($"Event seq_id {Broken} cannot be handled");
            status.StoppedReason!.ShouldContain("From", customMessage: "the reason names what is missing");
        }
        (await Failures.List(Cancel)).Values.ShouldAllBe(failure => failure.SeqId == Broken && failure.Reason.Contains("From"));
        node.Published.ShouldAllBe(published => published.Seq < Broken);
    }

    [Fact]
    public async Task A_repaired_event_is_tried_again_by_itself_because_nobody_should_have_to_know_of_every_projection()
    {
        await Store(EventSamples.Numbered(3));
        await database.Run(Damage, Cancel);
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);
        foreach (var name in Reading)
            await node.Until($"{name} has stopped", async () => await StoppedReason(name) is not null);

        await database.Run(Mend, Cancel);

        foreach (var name in ProjectionHealth.Names)
            await node.CaughtUp(name);
        (await Health.Read(Cancel)).ShouldAllBe(status => status.StoppedReason == null);
        node.Published.Select(published => published.Seq).Distinct().ShouldBe([1, 2, 3, 4, 5]);
        await Failures.Retry("Timeline", Cancel);
        (await Should.ThrowAsync<InvalidOperationException>(() => Failures.Retry("Timeline", Cancel))).Message.ShouldContain(
            "has not stopped"
        );
    }

    [Fact]
    public async Task A_skipped_event_is_passed_over_by_all_with_a_record_and_by_a_rebuild_too()
    {
        await Store(EventSamples.Numbered(3));
        await database.Run(Damage, Cancel);
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);
        await node.Until("Timeline has stopped", async () => await StoppedReason("Timeline") is not null);
        (
            await Should.ThrowAsync<InvalidOperationException>(() => Failures.Skip(2, "Not this one.", "me@here", Cancel))
        ).Message.ShouldContain("Nothing has stopped at event 2");

        await Failures.Skip(Broken, " Its body was lost. ", "me@here", Cancel);

        foreach (var name in ProjectionHealth.Names)
            await node.CaughtUp(name);
        (await database.Rows("select seq_id, reason, skipped_by from ea_skipped_events", Cancel)).ShouldBe([
            $"{Broken}|Its body was lost.|me@here",
        ]);
        (await database.Rows("select seq_id from mt_events where is_skipped", Cancel)).ShouldBe([$"{Broken}"]);
        node.Published.Select(published => published.Seq).Distinct().ShouldBe([1, 2, 4, 5]);
        await node.Stop();
        await database.Run("delete from mt_doc_timeline", Cancel);
        await new ProjectionRebuild(verb.GetRequiredService<IDocumentStore>(), TimeProvider.System).Run(
            AllProjections.Timeline,
            new Reports(),
            Cancel
        );
        (await database.Rows("select (data ->> 'Seq')::bigint from mt_doc_timeline order by 1", Cancel)).ShouldBe(["1", "2", "4", "5"]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_ends_a_rebuild_with_its_number_and_the_reason()
    {
        await Store(EventSamples.Numbered(3));
        await database.Run(Damage, Cancel);
        var rebuild = new ProjectionRebuild(verb.GetRequiredService<IDocumentStore>(), TimeProvider.System);

        var fault = await Should.ThrowAsync<InvalidOperationException>(() => rebuild.Run(AllProjections.Timeline, new Reports(), Cancel));

        fault.Message.ShouldContain("Timeline is not rebuilt: event #3 cannot be read");
        fault.Message.ShouldContain("From", customMessage: "the reason names what is missing");
        await rebuild.Run(AllProjections.Downloads, new Reports(), Cancel);
    }

    [Fact]
    public async Task An_event_that_cannot_be_folded_stops_its_projection_alone_after_what_came_before_it()
    {
        await Store(new DownloadFailed(EventSamples.Community, EventSamples.InfoHash, "disk full"));
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);

        await node.Until("Downloads has stopped", async () => await StoppedReason("Downloads") is not null);
        foreach (var name in ProjectionHealth.Names.Except(["Downloads"]))
            await node.CaughtUp(name);

        (await StoppedReason("Downloads"))!.ShouldContain($"Event seq_id {Broken} cannot be handled");
        (await StoppedReason("Downloads"))!.ShouldContain("without a DownloadStarted");
        (await Failures.List(Cancel)).Keys.ShouldBe(["Downloads"]);
        node.Published.Select(published => published.Seq).Distinct().ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task A_projection_that_does_not_move_while_events_wait_is_told_wherever_one_asks()
    {
        await Store(EventSamples.Numbered(3));
        // Nobody runs it: the node that does may hang, and this process only looks.
        await database.Run("update mt_events set timestamp = timestamp - interval '1 hour'", Cancel);
        await Progress("Timeline:All", "31 s");
        await Progress("Seeding:All", "1 s");

        var statuses = await Health.Read(Cancel);

        statuses.Single(one => one.Name == "Timeline").StandsSince.ShouldNotBeNull();
        statuses.Single(one => one.Name == "Seeding").StandsSince.ShouldBeNull("it moved less than 30 s ago");
        statuses.Single(one => one.Name == "publish").StandsSince.ShouldNotBeNull("its events have waited for long, though it never moved");
        await database.Run("update mt_event_progression set last_seq_id = (select max(seq_id) from mt_events)", Cancel);
        (await Health.Read(Cancel)).Single(one => one.Name == "Timeline").StandsSince.ShouldBeNull();
    }

    private Task Progress(string shard, string ago) =>
        database.Run(
            $"insert into mt_event_progression (name, last_seq_id, last_updated) values ('{shard}', 2, now() - interval '{ago}')",
            Cancel
        );

    /// <summary>Five events, of which this is the third.</summary>
    private async Task Store(IEvent third)
    {
        var store = verb.GetRequiredService<CommunityStore>();
        var started = EventSamples.All.OfType<ArchiveCreationStarted>().First();
        await store.Store([EventSamples.All.OfType<HistoryArchivesEnabled>().First(), started], Cancel);
        await store.Store([third], Cancel);
        var other = CommunityId.Parse("0x02" + new string('c', 64));
        await store.Store([new HistoryArchivesEnabled(other, ControlNode: false, PubsubTopic.Default, [])], Cancel);
        await store.Store([new DownloadStarted(other, EventSamples.InfoHash, EventSamples.Magnetlink)], Cancel);
    }

    private async Task<string?> StoppedReason(string name) =>
        (await Health.Read(Cancel)).Single(status => status.Name == name).StoppedReason;
}
