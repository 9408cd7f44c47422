using EventArchive.EventStore;
using EventArchive.Postgres;
using EventArchive.Projections;
using Marten;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>What a migrated database holds. Six streams are in it, and a seventh that begins behind the checkpoints.</summary>
public sealed class MigrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private DocumentStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await SchemaFour.Restore(postgres, Cancel);
        store = Database.StoreOf(database.Source);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Events_hashes_heads_and_messages_are_as_they_were()
    {
        const string kept =
            "select md5(string_agg(e::text, '')) from (select seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, "
            + "correlation_id, causation_id, headers from mt_events order by seq_id) e union all "
            + "select md5(string_agg(m::text, '')) from (select tableoid::regclass, * from ea_messages order by number) m union all "
            + "select md5(string_agg(h::text, '')) from (select * from ea_signed_heads) h";
        var before = await database.Rows(kept, Cancel);

        await Migrate();

        (await database.Rows(kept, Cancel)).ShouldBe(before);
        var report = await new StoreVerifier(database.Source).Verify(null, null, null, Cancel);
        (report.Whole, report.Events, report.Streams, report.Unhashed).ShouldBe((true, 59, 7, 0));
        var head = SignedHead.Parse(await database.Scalar<string>("select document from ea_signed_heads", Cancel));
        var heads = new SignedHeads(database.Source, new HeadSigningKey(database.Source, new EphemeralDataProtectionProvider()));
        (await heads.Check(null, head.PublicKey, null, null, Cancel)).Whole.ShouldBeTrue();
        (await database.Rows("select month, count(*) from ea_messages group by month order by month", Cancel)).ShouldBe([
            "202311|3",
            "202312|3",
        ]);
    }

    [Fact]
    public async Task The_tables_are_as_in_a_new_database_and_the_functions_of_the_release_before_are_gone()
    {
        await Migrate();

        (await new Database(store, database.Source).Differences(Cancel)).ShouldBeEmpty();
        await new Database(store, database.Source).RequireVersion(Cancel);
        var fresh = await postgres.Create(Cancel);
        const string objects =
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^ea_messages_20' union all "
            + "select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1";
        (await database.Rows(objects, Cancel)).ShouldBe(await fresh.Rows(objects, Cancel));
        await fresh.DisposeAsync();
    }

    [Fact]
    public async Task Each_stream_has_a_snapshot_that_equals_its_fold_and_takes_the_next_event()
    {
        await Migrate();

        var streams = await database.Rows("select id from mt_streams order by id", Cancel);
        streams.Count.ShouldBe(7);
        foreach (var stream in streams)
        {
            await using var session = store.LightweightSession();
            var stored = (await session.LoadAsync<CommunitySnapshot>(stream, Cancel)).ShouldNotBeNull();
            var folded = (await session.Events.AggregateStreamAsync<CommunitySnapshot>(stream, token: Cancel)).ShouldNotBeNull();
            CommunityJson.Write(stored.State).ShouldBe(CommunityJson.Write(folded.State));
            (stored.Version, stored.Hash, stored.At).ShouldBe((folded.Version, folded.Hash, folded.At));
            stored.Hash.ShouldNotBeNull();

            var writing = await session.Events.FetchForWriting<CommunitySnapshot>(stream, Cancel);
            writing.CurrentVersion.ShouldBe(stored.Version);
            writing.AppendOne(EventSamples.Numbered(7));
            await session.SaveChangesAsync(Cancel);
            (await session.LoadAsync<CommunitySnapshot>(stream, Cancel))!.Version.ShouldBe(stored.Version + 1);
        }
        (await database.Rows("select id from mt_doc_community where mt_version <> (data ->> 'Version')::bigint", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_became_of_each_command_is_found()
    {
        const string before = "select message_id, command, cardinality(event_ids) from ea_inbox order by 1";
        var known = await database.Rows(before, Cancel);

        await Migrate();

        await using var session = store.QuerySession();
        var outcomes = await session.Query<CommandOutcome>().ToListAsync(Cancel);
        outcomes
            .OrderBy(outcome => $"{outcome.MessageId}", StringComparer.Ordinal)
            .Select(outcome => $"{outcome.MessageId}|{outcome.Command}|{outcome.EventIds.Count}")
            .ShouldBe(known);
        var refused = await session.LoadAsync<CommandOutcome>(Guid.Parse("01900000-0000-7000-8000-000000000001"), Cancel);
        refused!.Refusal.ShouldBe(new Refusal("window_open", "The window is still open: \"wait\"."));
        (await session.LoadAsync<CommandOutcome>(Guid.Parse("01900000-0000-7000-8000-000000000003"), Cancel))!.Refusal.ShouldBeNull();
        var first = await database.Rows("select id, causation_id, timestamp from mt_events where seq_id = 1", Cancel);
        var appended = outcomes.Single(outcome => first.Single().Contains($"|{outcome.MessageId}|", StringComparison.Ordinal));
        appended.EventIds.Count.ShouldBe(2);
        first.Single().ShouldStartWith($"{appended.EventIds[0]}|");
        (await database.Scalar<DateTime>("select timestamp from mt_events where seq_id = 1", Cancel)).ShouldBe(appended.At.UtcDateTime);
    }

    [Fact]
    public async Task Pending_work_is_kept_as_it_was_and_brought_to_the_end_of_the_store()
    {
        const string kept =
            "select community, effect, cause_id, since, attempts, next_due, lease_node, lease_until, fence, parked_reason, last_error, "
            + "awaited_keys, reserved_for from ea_pending_work where (community, effect) not in (('0x02{0}', 'Announce'), ('0x02{1}', 'Cut'), "
            + "('0x02{2}', 'Cut')) order by 1, 2";
        var sql = kept.Replace("{0}", new string('9', 64)).Replace("{1}", new string('b', 64)).Replace("{2}", new string('7', 64));
        var before = await database.Rows(sql, Cancel);
        before.Count.ShouldBe(5);

        await Migrate();

        (await database.Rows(sql, Cancel)).ShouldBe(before);
        // What the subscription had not handled yet: one effect is over, one is due anew, one for the first time.
        (
            await database.Rows(
                "select substr(community, 5, 1), effect, cause_version, attempts, fence, lease_node is null from ea_pending_work "
                    + "where effect in ('Announce', 'Cut') order by 1",
                Cancel
            )
        ).ShouldBe(["7|Cut|2|0|0|True", "b|Cut|4|0|0|True"]);
        (
            await database.Scalar<long>(
                "select count(*) from ea_pending_work w join mt_events e on e.id = w.cause_id and e.version = w.cause_version "
                    + "and e.correlation_id = w.correlation_id and e.stream_id = 'community-' || w.community",
                Cancel
            )
        ).ShouldBe(7);
    }

    [Fact]
    public async Task Nothing_is_published_again_and_the_projections_begin_at_the_start()
    {
        await Migrate();

        (await database.Rows("select name, last_seq_id from mt_event_progression order by name", Cancel)).ShouldBe([
            "HighWaterMark|59",
            $"publish:All|{SchemaFour.Checkpoint}",
        ]);
    }

    private Task Migrate() => new Database(store, database.Source).Apply(agreed: true, Cancel);
}
