using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SchemaVersionTests(PostgresFixture postgres)
{
    private const string FormerAppend =
        "select result from ea_append('community-a', 0, $1, 'CreateArchive', array[$2]::uuid[], array['archive_skipped'], "
        + "array['EventArchive.Events.ArchiveSkipped, EventArchive.Events'], array[$3]::jsonb[], $1::text, null, null)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_of_the_former_release_is_migrated_with_all_that_it_holds()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);
        await database.Run(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schema-1.sql"), Cancel), Cancel);
        var (messageId, eventId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var append = database.Source.CreateCommand(FormerAppend))
        {
            append.Parameters.Add(new() { Value = messageId });
            append.Parameters.Add(new() { Value = eventId });
            append.Parameters.Add(new() { Value = EventJson.Write(EventSamples.Numbered(7)) });
            (await append.ExecuteScalarAsync(Cancel)).ShouldBe("appended");
        }
        await database.Run("insert into ea_magnetlink_clocks (community, published) values ('0x02', 18446744073709551615)", Cancel);
        var schema = new Database(database.Source);
        (await Should.ThrowAsync<SchemaVersionException>(() => schema.RequireVersion(Cancel))).Message.ShouldBe(
            $"The database has schema version 1, and this program needs version {Database.Version}. Run eventarchive db apply first; serve migrates it too."
        );

        await schema.Apply(Cancel);

        (await schema.Differences(Cancel)).ShouldBeEmpty();
        await schema.RequireVersion(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);
        var recorded = (await store.ReadStream("community-a", 0, Cancel)).ShouldHaveSingleItem();
        (recorded.Id, recorded.Version, recorded.Event, recorded.Hash).ShouldBe((eventId, 1, EventSamples.Numbered(7), null));
        (await store.FindOutcome(messageId, Cancel))!.EventIds.ShouldBe([eventId]);
        (await database.Scalar<long>("select count(*) from ea_magnetlink_clocks", Cancel)).ShouldBe(0, "its projection is folded anew");
        var next = new Append("community-a", 1, [EventSamples.Numbered(8)], Guid.CreateVersion7(), "CreateArchive");
        (await store.Append(next, Cancel)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Work_that_was_pending_in_version_3_is_pending_still_and_keys_have_a_table()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);
        await database.Run(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schema-3.sql"), Cancel), Cancel);
        await database.Run(
            $"insert into ea_pending_work (community, effect, cause_id, cause_seq, since, next_due) values ('{EventSamples.Community}', 'Import', gen_random_uuid(), 1, now(), now())",
            Cancel
        );
        var schema = new Database(database.Source);
        (await Should.ThrowAsync<SchemaVersionException>(() => schema.RequireVersion(Cancel))).Message.ShouldContain("version 3");

        await schema.Apply(Cancel);

        (await schema.Differences(Cancel)).ShouldBeEmpty();
        (await database.Rows("select effect, awaited_keys from ea_pending_work", Cancel)).ShouldBe(["Import|"]);
        (await database.Rows("select 1 from ea_ratchet_keys", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_newer_schema_is_refused_before_anything_is_written()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run(
            "update ea_schema set version = 7, applied_at = '2030-01-01'; drop table ea_inbox; drop function ea_append; drop function mt_archive_stream",
            Cancel
        );
        var schema = new Database(database.Source);

        foreach (
            var use in new Func<Task>[]
            {
                () => schema.Apply(Cancel),
                () => schema.ApplyIfOlder(Cancel),
                () => schema.RequireVersion(Cancel),
                () => schema.Differences(Cancel),
            }
        )
            (await Should.ThrowAsync<SchemaVersionException>(use)).Message.ShouldBe(
                $"The database has schema version 7, and this program knows version {Database.Version}: a newer release made or migrated it. "
                    + "Run that release or a newer one, or name another database in Postgres:ConnectionString."
            );

        (await database.Rows("select version, extract(year from applied_at)::int from ea_schema", Cancel)).ShouldBe(["7|2030"]);
        (await database.Rows("select 1 from pg_class where relname = 'ea_inbox'", Cancel)).ShouldBeEmpty();
        (await database.Rows("select 1 from pg_proc where proname in ('ea_append', 'mt_archive_stream')", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_database_is_named_as_such_and_stays_empty()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);

        (await Should.ThrowAsync<SchemaVersionException>(() => new Database(database.Source).RequireVersion(Cancel))).Message.ShouldContain(
            "Run eventarchive db apply first"
        );

        (await new Database(database.Source).Differences(Cancel)).ShouldContain("missing: table mt_events: plain");
        (await database.Rows("select tablename from pg_tables where schemaname = 'public'", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_starts_as_a_user_who_must_not_change_tables_once_they_are_there()
    {
        await using var database = await postgres.Create(Cancel);
        var user = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = $"user_{Guid.NewGuid():N}",
            Password = "for this test",
        };
        await database.Run(
            $"create role {user.Username} login password '{user.Password}'; revoke create on schema public from public; "
                + $"grant select on all tables in schema public to {user.Username}",
            Cancel
        );
        await using var limited = new TestDatabase(user.ConnectionString);
        var schema = new Database(limited.Source);

        await schema.ApplyIfOlder(Cancel);
        (await schema.Differences(Cancel)).ShouldBeEmpty();
        (await Should.ThrowAsync<PostgresException>(() => schema.Apply(Cancel))).SqlState.ShouldBe(
            PostgresErrorCodes.InsufficientPrivilege
        );

        await database.Run("update ea_schema set version = 1", Cancel);
        (await Should.ThrowAsync<PostgresException>(() => schema.ApplyIfOlder(Cancel))).SqlState.ShouldBe(
            PostgresErrorCodes.InsufficientPrivilege
        );
        await database.Run($"drop owned by {user.Username}; drop role {user.Username}", Cancel);
    }

    [Fact]
    public async Task Applying_again_leaves_the_time_of_the_first_because_nothing_changed()
    {
        await using var database = await postgres.Create(Cancel);
        var first = await database.Scalar<DateTime>("select applied_at from ea_schema", Cancel);

        await new Database(database.Source).Apply(Cancel);

        (await database.Scalar<DateTime>("select applied_at from ea_schema", Cancel)).ShouldBe(first);
    }
}
