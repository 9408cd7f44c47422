using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>
/// A batch is written while the one before it is committed. Here the first is called in a transaction that is left open, as one whose flush to the
/// disk takes long.
/// </summary>
public sealed class AppendLocksTests(PostgresFixture postgres)
{
    private const string Numbers = "select last_value from mt_events_sequence";
    private const string Stored = "select count(*) from mt_events";

    // By chance a message may have the place of the other append, which then waits before it has its numbers. These and the two streams have
    // four: 1273, 1521, 1906 and 71.
    private static readonly Guid FirstMessage = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid SecondMessage = Guid.Parse("00000000-0000-0000-0000-000000000002");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_is_written_while_the_one_before_it_commits_and_is_seen_only_after_that_one_has_ended(bool committed)
    {
        await using var database = await postgres.Create(Cancel);
        await using var first = await Open(database);
        (await HandAppend.Run(first, "community-a", 0, 3, Cancel, FirstMessage)).ShouldBe("a");
        await using var second = await database.Source.OpenConnectionAsync(Cancel);

        var written = HandAppend.Run(second, "community-b", 0, 2, Cancel, SecondMessage);
        await Waits(database);

        (await database.Scalar<long>(Numbers, Cancel)).ShouldBe(5, "the second has its numbers already");
        (await database.Scalar<long>(Stored, Cancel)).ShouldBe(0, "and is not seen before the first");
        await End(first, committed);
        (await written).ShouldBe("a");
        (await database.Rows("select seq_id, stream_id from mt_events order by 1", Cancel)).ShouldBe(
            committed
                ? ["1|community-a", "2|community-a", "3|community-a", "4|community-b", "5|community-b"]
                : ["4|community-b", "5|community-b"]
        );
        await NoLockIsLeft(database);
    }

    [Fact]
    public async Task An_append_alone_comes_after_a_batch_that_is_being_committed()
    {
        await using var database = await postgres.Create(Cancel);
        await using var first = await Open(database);
        (await HandAppend.Run(first, "community-a", 0, 1, Cancel)).ShouldBe("a");

        var alone = new PostgresEventStore(database.Source, TimeProvider.System).Append(
            new Append("community-a", 1, [EventSamples.Numbered(1)], Guid.CreateVersion7(), "Test"),
            Cancel
        );
        await Waits(database);
        await End(first, committed: true);

        (await alone).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(2, "it sees what was committed before it");
    }

    [Theory]
    [InlineData("community-a", false, "c")]
    [InlineData("community-b", true, "d")]
    public async Task A_batch_with_a_stream_or_a_message_of_one_that_is_being_committed_waits_and_takes_no_number_in_vain(
        string stream,
        bool sameMessage,
        string answer
    )
    {
        await using var database = await postgres.Create(Cancel);
        var message = Guid.CreateVersion7();
        await using var first = await Open(database);
        (await HandAppend.Run(first, "community-a", 0, 1, Cancel, message)).ShouldBe("a");
        await using var second = await database.Source.OpenConnectionAsync(Cancel);

        var written = HandAppend.Run(second, stream, 0, 1, Cancel, sameMessage ? message : Guid.CreateVersion7());
        await Waits(database);
        await End(first, committed: true);

        (await written).ShouldBe(answer);
        (await database.Scalar<long>(Numbers, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_or_fails_leaves_no_lock_in_its_session()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run("alter table ea_inbox add constraint no_bad_ones check (command <> 'Bad')", Cancel);
        await using var first = await Open(database);
        (await HandAppend.Run(first, "community-a", 0, 1, Cancel)).ShouldBe("a");
        await using var second = await database.Source.OpenConnectionAsync(Cancel);

        var cancelled = HandAppend.Run(second, "community-b", 0, 1, Cancel);
        await Waits(database);
        (await database.Scalar<bool>($"select pg_cancel_backend({second.ProcessID})", Cancel)).ShouldBeTrue();
        (await Should.ThrowAsync<PostgresException>(() => cancelled)).SqlState.ShouldBe(PostgresErrorCodes.QueryCanceled);
        await End(first, committed: true);
        await NoLockIsLeft(database);

        var bad = HandAppend.Run(second, "community-b", 0, 1, Cancel, command: "Bad");
        (await Should.ThrowAsync<PostgresException>(() => bad)).ConstraintName.ShouldBe("no_bad_ones");
        await NoLockIsLeft(database);
    }

    [Fact]
    public async Task The_time_of_a_batch_is_not_before_that_of_one_that_nobody_sees_yet_even_when_the_clock_was_set_back()
    {
        await using var database = await postgres.Create(Cancel);
        await using var first = await Open(database);
        await using (var ahead = new NpgsqlCommand("select setval('ea_append_clock', 4102444800123456)", first))
            await ahead.ExecuteNonQueryAsync(Cancel);
        (await HandAppend.Run(first, "community-a", 0, 1, Cancel)).ShouldBe("a");
        await using var second = await database.Source.OpenConnectionAsync(Cancel);
        var written = HandAppend.Run(second, "community-b", 0, 1, Cancel);
        await Waits(database);
        await End(first, committed: true);
        await written;

        (await database.Rows("select to_char(timestamp, 'YYYY-MM-DD HH24:MI:SS.US') from mt_events order by seq_id", Cancel)).ShouldBe([
            "2100-01-01 00:00:00.123456",
            "2100-01-01 00:00:00.123456",
        ]);
    }

    private static async Task<NpgsqlConnection> Open(TestDatabase database)
    {
        var connection = await database.Source.OpenConnectionAsync(Cancel);
        await using var begin = new NpgsqlCommand("begin", connection);
        await begin.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private static async Task End(NpgsqlConnection connection, bool committed)
    {
        await using var end = new NpgsqlCommand(committed ? "commit" : "rollback", connection);
        await end.ExecuteNonQueryAsync(Cancel);
    }

    private static Task Waits(TestDatabase database) =>
        Deadline.Until(
            "the other append waits for a lock",
            async () =>
                await database.Scalar<long>(
                    "select count(*) from pg_locks l join pg_database d on d.oid = l.database "
                        + "where d.datname = current_database() and locktype = 'advisory' and not granted",
                    Cancel
                ) == 1,
            TimeSpan.FromSeconds(30),
            Cancel
        );

    private static async Task NoLockIsLeft(TestDatabase database) =>
        (
            await database.Scalar<long>(
                "select count(*) from pg_locks l join pg_database d on d.oid = l.database "
                    + "where d.datname = current_database() and locktype = 'advisory'",
                Cancel
            )
        ).ShouldBe(0);
}
