using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>A migration that is refused, or cut off, has changed nothing.</summary>
public sealed class MigrationFailureTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestDatabase database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await SchemaFour.Restore(postgres, Cancel);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Theory]
    [InlineData("ea_nodes")]
    [InlineData("mt_streams")]
    [InlineData("ea_pending_work")]
    [InlineData("ea_timeline")]
    [InlineData("mt_events")]
    [InlineData("ea_inbox")]
    public async Task It_can_be_cut_off_at_any_step_and_run_again(string table)
    {
        await using var holder = await SchemaFour.Open(database.ConnectionString, Cancel);
        await using var held = await holder.BeginTransactionAsync(Cancel);
        await using (var hold = new NpgsqlCommand($"lock table {table} in access exclusive mode", holder, held))
            await hold.ExecuteNonQueryAsync(Cancel);
        var applying = Migrate();
        await Deadline.Until(
            "the migration waits and is cut off",
            async () =>
            {
                await using var end = new NpgsqlCommand(
                    "select count(pg_terminate_backend(pid)) from (select pg_stat_clear_snapshot()) s, pg_stat_activity "
                        + "where application_name = 'eventarchive db' and datname = current_database() and wait_event = 'relation'",
                    holder,
                    held
                );
                return (long)(await end.ExecuteScalarAsync(Cancel))! == 1;
            },
            Patience,
            Cancel
        );
        await Should.ThrowAsync<NpgsqlException>(applying);
        await held.RollbackAsync(Cancel);
        (await SchemaFour.IsUntouched(database, Cancel)).ShouldBeTrue();

        await Migrate();

        (await Database.Of(database.Source).Differences(Cancel)).ShouldBeEmpty();
        (await database.Scalar<long>("select count(*) from mt_doc_community", Cancel)).ShouldBe(7);
    }

    [Fact]
    public async Task It_can_be_cancelled_and_run_again()
    {
        await using var holder = await SchemaFour.Open(database.ConnectionString, Cancel);
        await using var held = await holder.BeginTransactionAsync(Cancel);
        await using (var hold = new NpgsqlCommand("lock table ea_inbox in access exclusive mode", holder, held))
            await hold.ExecuteNonQueryAsync(Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        stop.CancelAfter(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<OperationCanceledException>(() => Database.Of(database.Source).Apply(agreed: true, stop.Token));

        await held.RollbackAsync(Cancel);
        (await SchemaFour.IsUntouched(database, Cancel)).ShouldBeTrue();
        await Migrate();
        (await database.Scalar<long>("select count(*) from mt_doc_outcome", Cancel)).ShouldBe(20);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_named_and_one_that_was_skipped_is_left_out()
    {
        await Run("update mt_events set data = '{\"Broken\": 1}' where seq_id = 30");

        var error = await Should.ThrowAsync<InvalidOperationException>(Migrate);

        error.Message.ShouldStartWith("Event seq_id 30 cannot be read: ");
        error.Message.ShouldNotContain('\n');
        (await SchemaFour.IsUntouched(database, Cancel)).ShouldBeTrue();
        await Run(
            "insert into ea_skipped_events (name, seq_id, reason, skipped_by, at) values ('Timeline', 30, 'later', 'b', '2026-02-02'), "
                + "('Archives', 30, 'broken', 'a', '2026-01-01')"
        );
        await Migrate();
        (await database.Rows("select seq_id, reason, skipped_by from ea_skipped_events", Cancel)).ShouldBe(["30|broken|a"]);
        (await database.Rows("select seq_id from mt_events where is_skipped", Cancel)).ShouldBe(["30"]);
        await using var store = Database.StoreOf(database.Source);
        await using var session = store.QuerySession();
        var snapshot = await session.LoadAsync<CommunitySnapshot>($"community-{EventSamples.Community}", Cancel);
        snapshot!.Version.ShouldBe(await database.Scalar<long>($"select version from mt_streams where id = '{snapshot.Id}'", Cancel));
    }

    [Fact]
    public async Task Nobody_migrates_by_accident()
    {
        var error = await Should.ThrowAsync<ApplyNotAgreedException>(() => Database.Of(database.Source).Apply(agreed: false, Cancel));
        error.Message.ShouldContain("no way back: take a backup first.");
        error.Message.ShouldContain("--yes");
        (await Should.ThrowAsync<SchemaVersionException>(() => Database.Of(database.Source).ApplyIfEmpty(Cancel))).Message.ShouldBe(
            "The database has schema version 4, and this program needs version 5. Stop all nodes, take a backup, and run eventarchive db apply."
        );

        (await SchemaFour.IsUntouched(database, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_at_work_is_named_because_it_would_append_beside()
    {
        await using (await SchemaFour.Open(database.ConnectionString, Cancel, "eventarchive"))
            (await Should.ThrowAsync<InvalidOperationException>(Migrate)).Message.ShouldMatch(
                "cannot be migrated while the session [0-9]+ of eventarchive from 127.0.0.1 is at work. Stop all nodes"
            );
        await Run("insert into ea_nodes (name, roles, started_at, seen_at) values ('node-7', 'All', now(), now())");
        (await Should.ThrowAsync<InvalidOperationException>(Migrate)).Message.ShouldContain("while node node-7 is at work");

        (await SchemaFour.IsUntouched(database, Cancel)).ShouldBeTrue();
        await Run("update ea_nodes set seen_at = now() - interval '2 minutes'");
        await Migrate();
    }

    [Fact]
    public async Task Pending_work_that_had_stopped_is_repaired_before()
    {
        await Run("insert into ea_subscription_faults (name, seq_id, reason) values ('PendingWork', 55, 'Its body is broken.')");

        (await Should.ThrowAsync<InvalidOperationException>(Migrate)).Message.ShouldStartWith(
            "PendingWork has stopped at event 55: Its body is broken. "
        );

        (await SchemaFour.IsUntouched(database, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_two_at_once_one_waits_for_the_other()
    {
        await using var other = new TestDatabase(database.ConnectionString);

        await Task.WhenAll(Migrate(), Database.Of(other.Source).Apply(agreed: true, Cancel));

        (await database.Rows("select version from ea_schema", Cancel)).ShouldBe(["5"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_older_database_goes_by_way_of_the_release_before(int version)
    {
        await Run($"update ea_schema set version = {version}");

        (await Should.ThrowAsync<SchemaVersionException>(Migrate)).Message.ShouldBe(
            $"The database has schema version {version}, and this program migrates version 4 only. Run db apply of the release before this one first."
        );
    }

    private Task Migrate() => Database.Of(database.Source).Apply(agreed: true, Cancel);

    private Task Run(string sql) => SchemaFour.Run(database.ConnectionString, sql, Cancel);
}
