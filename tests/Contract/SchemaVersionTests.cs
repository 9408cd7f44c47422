using EventArchive.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SchemaVersionTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newer_schema_is_refused_before_anything_is_written()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run(
            "update ea_schema set version = 7, applied_at = '2030-01-01'; drop table ea_api_keys; drop function ea_add_message_month; drop function mt_archive_stream",
            Cancel
        );
        var schema = Database.Of(database.Source);

        foreach (
            var use in new Func<Task>[]
            {
                () => schema.Apply(agreed: true, Cancel),
                () => schema.ApplyIfEmpty(Cancel),
                () => schema.RequireVersion(Cancel),
                () => schema.Differences(Cancel),
            }
        )
            (await Should.ThrowAsync<SchemaVersionException>(use)).Message.ShouldBe(
                $"The database has schema version 7, and this program knows version {Database.Version}: a newer release made or migrated it. "
                    + "Run that release or a newer one, or name another database in Postgres:ConnectionString."
            );

        (await database.Rows("select version, extract(year from applied_at)::int from ea_schema", Cancel)).ShouldBe(["7|2030"]);
        (await database.Rows("select 1 from pg_class where relname = 'ea_api_keys'", Cancel)).ShouldBeEmpty();
        (
            await database.Rows("select 1 from pg_proc where proname in ('ea_add_message_month', 'mt_archive_stream')", Cancel)
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_database_is_named_as_such_and_stays_empty()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);

        (await Should.ThrowAsync<SchemaVersionException>(() => Database.Of(database.Source).RequireVersion(Cancel))).Message.ShouldContain(
            "Run eventarchive db apply first"
        );

        (await Database.Of(database.Source).Differences(Cancel)).ShouldContain("missing: public.mt_events");
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
        var schema = Database.Of(limited.Source);

        await schema.ApplyIfEmpty(Cancel);
        foreach (var use in new Func<Task>[] { () => schema.Apply(agreed: true, Cancel), () => schema.Differences(Cancel) })
            (await Should.ThrowAsync<InvalidOperationException>(use)).Message.ShouldBe(
                $"The tables belong to the role postgres, of which {user.Username} is no member, and only an owner sees all of them. Run "
                    + "eventarchive db as that role."
            );

        await database.Run("update ea_schema set version = 1", Cancel);
        await Should.ThrowAsync<SchemaVersionException>(() => schema.ApplyIfEmpty(Cancel));
        await database.Run($"drop owned by {user.Username}; drop role {user.Username}", Cancel);
    }

    [Fact]
    public async Task Applying_again_leaves_the_time_of_the_first_because_nothing_changed()
    {
        await using var database = await postgres.Create(Cancel);
        var first = await database.Scalar<DateTime>("select applied_at from ea_schema", Cancel);

        await Database.Of(database.Source).Apply(agreed: false, Cancel);

        (await database.Scalar<DateTime>("select applied_at from ea_schema", Cancel)).ShouldBe(first);
    }
}
