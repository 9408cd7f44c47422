using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Postgres;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Events, state, pending work and outcome of a command are stored together, or nothing is.</summary>
public sealed class UnitOfWorkTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommunityId Id = EventSamples.Community;
    private static readonly string Stream = Community.StreamId(Id);
    private static readonly HistoryArchivesEnabled Enabled = new(Id, ControlNode: true, PubsubTopic.Default, []);
    private static readonly ArchiveCreationStarted Cut = new(Id, 0, 100, 60, [], HighestMessageNumber: 5, Parent: null, CommittedBytes: 0);

    private TestDatabase database = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CommunityStore Store => services.GetRequiredService<CommunityStore>();

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        services = TestStores.Of(database);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task One_command_stores_its_events_the_state_the_pending_work_and_the_outcome_together()
    {
        var messageId = Guid.CreateVersion7();

        var outcome = (await Store.Store([Enabled, Cut], Cancel, messageId)).ShouldNotBeNull();

        (await Store.FindOutcome(messageId, Cancel)).ShouldNotBeNull().EventIds.ShouldBe(outcome.EventIds);
        var (community, version) = await Store.Load(Id, Cancel);
        (version, community.Cutting).ShouldBe((2, Cut with { ContentTopics = community.Cutting!.ContentTopics }));
        (await database.Rows("select effect, cause_id, cause_version, correlation_id from ea_pending_work", Cancel)).ShouldBe([
            $"Cut|{outcome.EventIds[1]}|2|{messageId}",
        ]);
        (await ShouldBeWhole()).Form2.ShouldBe(2);
    }

    [Fact]
    public async Task A_repeated_message_id_gives_the_first_outcome_also_when_both_were_under_way_at_once()
    {
        var messageId = Guid.CreateVersion7();
        var first = await Store.Store([Enabled], Cancel, messageId);
        (await Store.Store([Cut], Cancel, messageId)).ShouldNotBeNull().EventIds.ShouldBe(first!.EventIds);

        var raced = Guid.CreateVersion7();
        CommandOutcome? winner = null;
        var loser = await Store.Store([Cut], Cancel, raced, async () => winner = await Store.Refuse(Id, raced, Cancel));

        loser.ShouldNotBeNull().Refusal.ShouldBe(winner!.Refusal);
        (await Store.Load(Id, Cancel)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_moved_on_is_a_conflict_and_leaves_nothing_behind_also_when_it_was_new()
    {
        var (lost, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await Store.Store([Enabled], Cancel, lost, () => Store.Store([Enabled], Cancel))).ShouldBeNull("a stream that was new");
        (await Store.Store([Cut], Cancel, other, () => Store.Store([Cut], Cancel))).ShouldBeNull("a stream that was there");

        (await Store.FindOutcome(lost, Cancel)).ShouldBeNull();
        (await Store.FindOutcome(other, Cancel)).ShouldBeNull();
        (await database.Scalar<long>("select count(*) from mt_events where type <> 'tombstone'", Cancel)).ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_is_stored_alone_and_needs_no_community()
    {
        var messageId = Guid.CreateVersion7();
        await Store.Refuse(null, messageId, Cancel);

        (await Store.FindOutcome(messageId, Cancel))!.Refusal.ShouldBe(new Refusal("no", "Not now."));
        (await database.Scalar<long>("select count(*) from mt_streams", Cancel)).ShouldBe(0);
    }

    [Theory]
    [InlineData("delete from mt_doc_community", "missing")]
    [InlineData("update mt_doc_community set data = jsonb_set(data, '{Version}', '1')", "at version 1")]
    public async Task A_state_that_is_missing_or_older_than_its_stream_is_never_decided_on(string damage, string found)
    {
        await Store.Store([Enabled, Cut], Cancel);
        await database.Run(damage, Cancel);

        var error = await Should.ThrowAsync<StaleSnapshotException>(() => Store.Store([Cut], Cancel));

        error.Message.ShouldContain(found);
        error.Message.ShouldContain("eventarchive db apply");
        (await database.Scalar<long>("select count(*) from mt_events", Cancel)).ShouldBe(2);
    }

    [Fact]
    public async Task A_state_newer_than_the_version_that_was_read_is_a_conflict()
    {
        await Store.Store([Enabled, Cut], Cancel);
        await database.Run("update mt_doc_community set data = jsonb_set(data, '{Version}', '3')", Cancel);

        (await Store.Store([Cut], Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Behind_skipped_events_alone_a_community_goes_on_and_the_chain_from_the_last_of_them()
    {
        await Store.Store([Enabled], Cancel);
        var state = await database.Scalar<string>("select data::text from mt_doc_community", Cancel);
        await Store.Store([Cut], Cancel);
        await database.Run(
            $"update mt_events set is_skipped = true where version = 2; update mt_doc_community set data = '{state}'",
            Cancel
        );

        (await Store.Store([new ArchiveSkipped(Id, 0, 100)], Cancel)).ShouldNotBeNull();

        (await Store.Load(Id, Cancel)).Version.ShouldBe(3);
        await ShouldBeWhole();
    }

    [Fact]
    public async Task Time_never_falls_within_a_stream_even_when_a_clock_was_set_back()
    {
        var ahead = TimeProvider.System.GetUtcNow().AddHours(1);
        var store = services.GetRequiredService<IDocumentStore>();
        await new CommunityStore(store, new FixedTime(ahead)).Store([Enabled], Cancel);

        (await Store.Load(Id, Cancel)).Version.ShouldBe(1);
        await Store.Store([Cut], Cancel);

        (await database.Rows("select distinct timestamp from mt_events", Cancel)).ShouldHaveSingleItem();
        await ShouldBeWhole();
    }

    [Fact]
    public async Task What_cannot_be_stored_is_refused_before_anything_is_sent()
    {
        var text = new ArchiveCreationFailed(Id, 0, 1, "a\0b");

        await Should.ThrowAsync<ArgumentException>(() => Store.Store([text], Cancel));
        await Should.ThrowAsync<ArgumentException>(() => Store.Store([.. Enumerable.Repeat(Cut, AppendLimits.MaxEvents + 1)], Cancel));

        (await database.Scalar<long>("select count(*) from mt_doc_outcome", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Writers_that_race_on_one_stream_lose_nothing_and_break_no_chain()
    {
        var writers = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 250 : 25;
        await using var second = TestStores.Of(database);
        CommunityStore[] stores = [Store, second.GetRequiredService<CommunityStore>()];
        var conflicts = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (writer, token) =>
            {
                for (var n = 0; n < writers; )
                {
                    if (await stores[writer % 2].Store([Cut], token) is null)
                        Interlocked.Increment(ref conflicts);
                    else
                        n++;
                }
            }
        );

        conflicts.ShouldBeGreaterThan(0, "else nothing raced");
        var (_, version) = await Store.Load(Id, Cancel);
        version.ShouldBe(4 * writers);
        (await ShouldBeWhole()).Events.ShouldBe(4 * writers);
        (await database.Scalar<long>("select count(*) from mt_doc_outcome", Cancel)).ShouldBe(4 * writers);
    }

    private async Task<VerifyReport> ShouldBeWhole()
    {
        var report = await services.GetRequiredService<StoreVerifier>().Verify(null, null, null, Cancel);
        report.Whole.ShouldBeTrue(report.First?.Reason);
        return report;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
