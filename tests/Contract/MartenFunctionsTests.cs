using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The functions that a Marten 8 store calls, called as it calls them.</summary>
public sealed class MartenFunctionsTests(PostgresFixture postgres)
{
    private const string QuickAppend =
        "select mt_quick_append_events($1::varchar, $2::varchar, $3::varchar, $4, $5::varchar[], $6::varchar[], $7, $8::varchar[], $9::varchar[], $10)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quick_append_gives_versions_numbers_and_the_stream_row_and_our_reader_sees_the_events()
    {
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);

        (await Append(database, "community-a", EventSamples.Numbered(1), EventSamples.Numbered(2))).ShouldBe([2, 1, 2]);
        var ours = new Append("community-a", 2, [EventSamples.Numbered(3)], Guid.CreateVersion7(), "CreateArchive");
        (await store.Append(ours, Cancel)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(3);
        (await Append(database, "community-a", EventSamples.Numbered(4))).ShouldBe([4, 4]);
        (await Append(database, "community-b", EventSamples.Numbered(5))).ShouldBe([1, 5]);

        var events = await store.ReadStream("community-a", 0, Cancel);
        events.Select(e => e.Event).ShouldBe(new[] { 1, 2, 3, 4 }.Select(EventSamples.Numbered));
        events.Select(e => e.Version).ShouldBe([1L, 2, 3, 4]);
        events.Select(e => e.Seq).ShouldBe([1L, 2, 3, 4]);
        events.Select(e => e.At).ShouldBeInOrder();
        (
            await database.Rows(
                "select id, type, version, tenant_id, is_archived, timestamp >= created from mt_streams order by id",
                Cancel
            )
        ).ShouldBe(["community-a|community|4|*DEFAULT*|False|True", "community-b|community|1|*DEFAULT*|False|True"]);
        (
            await database.Rows(
                "select type, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers::text, is_archived from mt_events where seq_id = 2",
                Cancel
            )
        ).ShouldBe(["""archive_skipped|*DEFAULT*|Shop.Skipped, Shop|correlation|causation|{"by": "Marten"}|False"""]);
        (
            await database.Scalar<bool>(
                "select bool_and(abs(extract(epoch from clock_timestamp() - timestamp)) < 60) from mt_events",
                Cancel
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_quick_append_waits_for_ours_so_that_no_reader_steps_over_a_late_event()
    {
        await using var database = await postgres.Create(Cancel);
        await using var holder = await database.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await holder.BeginTransactionAsync(Cancel);
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(x'4541617070656e64'::bigint)", holder))
            await take.ExecuteNonQueryAsync(Cancel);

        await using var impatient = await database.Source.OpenConnectionAsync(Cancel);
        await using (var limit = new NpgsqlCommand("set lock_timeout = '100ms'", impatient))
            await limit.ExecuteNonQueryAsync(Cancel);
        await using var append = Command("community-a", "*DEFAULT*", [EventSamples.Numbered(1)]);
        append.Connection = impatient;

        (await Should.ThrowAsync<PostgresException>(() => append.ExecuteScalarAsync(Cancel))).SqlState.ShouldBe(
            PostgresErrorCodes.LockNotAvailable
        );
        (await database.Scalar<bool>("select is_called from mt_events_sequence", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task Quick_appends_beside_ours_keep_versions_and_numbers_without_a_gap()
    {
        const int writers = 4;
        const int each = 25;
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);

        await Task.WhenAll([.. Enumerable.Range(0, writers).Select(Foreign), .. Enumerable.Range(0, writers).Select(Ours)]);

        var all = await store.ReadAll(0, 1000, Cancel);
        all.Count.ShouldBe(2 * writers * each);
        all.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, all.Count).Select(seq => (long)seq));
        foreach (var stream in all.GroupBy(e => e.StreamId))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(version => (long)version));

        async Task Foreign(int writer)
        {
            for (var i = 0; i < each; i++)
                await Append(database, $"community-{writer % 2}", EventSamples.Numbered(i));
        }

        async Task Ours(int writer)
        {
            var version = 0L;
            for (var i = 0; i < each; )
            {
                var append = new Append($"community-{writer % 2}", version, [EventSamples.Numbered(i)], Guid.CreateVersion7(), "Test");
                switch (await store.Append(append, Cancel))
                {
                    case AppendResult.Appended appended:
                        (version, i) = (appended.Version, i + 1);
                        break;
                    case AppendResult.VersionConflict conflict:
                        version = conflict.ActualVersion;
                        break;
                }
            }
        }
    }

    [Fact]
    public async Task A_quick_append_to_an_archived_stream_or_under_another_tenant_is_refused_and_burns_no_number()
    {
        await using var database = await postgres.Create(Cancel);
        await Append(database, "community-a", EventSamples.Numbered(1));
        await using (var other = Command("community-a", "other", [EventSamples.Numbered(2)]))
            (await Should.ThrowAsync<PostgresException>(() => Run(database, other))).MessageText.ShouldContain("tenant");

        await database.Run("select mt_archive_stream('community-a')", Cancel);

        await using (var late = Command("community-a", "*DEFAULT*", [EventSamples.Numbered(2)]))
            (await Should.ThrowAsync<PostgresException>(() => Run(database, late))).SqlState.ShouldBe("MT001");
        (await database.Rows("select is_archived, version from mt_streams", Cancel)).ShouldBe(["True|1"]);
        (await database.Rows("select is_archived from mt_events", Cancel)).ShouldBe(["True"]);
        (await database.Scalar<long>("select last_value from mt_events_sequence", Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Archiving_touches_one_stream_alone_and_our_reader_still_sees_its_events()
    {
        await using var database = await postgres.Create(Cancel);
        await Append(database, "community-a", EventSamples.Numbered(1), EventSamples.Numbered(2));
        await Append(database, "community-b", EventSamples.Numbered(3));

        await database.Run("select mt_archive_stream('community-a')", Cancel);

        (await database.Rows("select seq_id, is_archived from mt_events order by 1", Cancel)).ShouldBe(["1|True", "2|True", "3|False"]);
        (await database.Rows("select id, is_archived from mt_streams order by 1", Cancel)).ShouldBe([
            "community-a|True",
            "community-b|False",
        ]);
        (await new PostgresEventStore(database.Source, TimeProvider.System).ReadStream("community-a", 0, Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Martens_daemon_can_keep_an_event_that_it_skips()
    {
        await using var database = await postgres.Create(Cancel);
        var (document, first, second) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        (await Call("update", "{}", first)).ShouldBe(DBNull.Value);
        (await Call("insert", """{"a":1}""", first)).ShouldBe(first);
        (await Call("update", """{"a":2}""", second)).ShouldBe(second);
        (await Call("upsert", """{"a":3}""", first)).ShouldBe(first);

        (
            await database.Rows(
                "select id, data::text, mt_version, mt_dotnet_type, mt_last_modified is not null from mt_doc_deadletterevent",
                Cancel
            )
        ).ShouldBe([$$"""{{document}}|{"a": 3}|{{first}}|JasperFx.Events.Daemon.DeadLetterEvent, JasperFx.Events|True"""]);

        async Task<object?> Call(string name, string json, Guid version)
        {
            await using var command = database.Source.CreateCommand(
                $"select mt_{name}_deadletterevent($1, 'JasperFx.Events.Daemon.DeadLetterEvent, JasperFx.Events', $2, $3)"
            );
            command.Parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
            command.Parameters.Add(new() { Value = document });
            command.Parameters.Add(new() { Value = version });
            return await command.ExecuteScalarAsync(Cancel);
        }
    }

    private static async Task<int[]> Append(TestDatabase database, string stream, params IEvent[] events)
    {
        await using var command = Command(stream, "*DEFAULT*", events);
        return (int[])(await Run(database, command))!;
    }

    private static async Task<object?> Run(TestDatabase database, NpgsqlCommand command)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        command.Connection = connection;
        return await command.ExecuteScalarAsync(Cancel);
    }

    private static NpgsqlCommand Command(string stream, string tenant, IReadOnlyList<IEvent> events) =>
        new(QuickAppend)
        {
            Parameters =
            {
                new() { Value = stream },
                new() { Value = "community" },
                new() { Value = tenant },
                new() { Value = events.Select(_ => Guid.NewGuid()).ToArray() },
                Texts(events, @event => StoredName.Of(@event.GetType())),
                Texts(events, _ => "Shop.Skipped, Shop"),
                Json(events, EventJson.Write),
                Texts(events, _ => "causation"),
                Texts(events, _ => "correlation"),
                Json(events, _ => """{"by":"Marten"}"""),
            },
        };

    private static NpgsqlParameter Texts(IEnumerable<IEvent> events, Func<IEvent, string> text) =>
        new() { Value = events.Select(text).ToArray() };

    private static NpgsqlParameter Json(IEnumerable<IEvent> events, Func<IEvent, string> json) =>
        new() { Value = events.Select(json).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
}
