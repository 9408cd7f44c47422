using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Appends that travel together: each gets its own answer.</summary>
public sealed class AppendQueueTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_that_wait_together_share_a_commit_and_each_has_its_own_answer()
    {
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);
        await Append(store, "community-a", 0);
        var handled = Guid.CreateVersion7();
        await Append(store, "community-b", 0, handled);

        List<Task<AppendResult>> answers = [];
        await using (await HoldLock(database))
        {
            answers.AddRange(await OccupyALane(database, store));
            answers.AddRange(Enumerable.Range(2, 21).Select(n => Append(store, $"community-{n}", 0)));
            answers.Add(Append(store, "community-a", 0));
            answers.Add(Append(store, "community-b", 1, handled));
            answers.Add(Append(store, "community-a", 1));
            answers.Add(
                store.Append(new Append("", 0, [], Guid.CreateVersion7(), "Test", null, new Refusal("invalid_command", "No.")), Cancel)
            );
            answers.Add(
                store.Append(new Append("", 0, [], Guid.CreateVersion7(), "Test", null, new Refusal("invalid_command", "No.")), Cancel)
            );
        }
        var results = await Task.WhenAll(answers);

        results.Take(22).ShouldAllBe(result => result is AppendResult.Appended);
        results[22].ShouldBe(new AppendResult.VersionConflict(1));
        results[23].ShouldBeOfType<AppendResult.Duplicate>().Outcome.MessageId.ShouldBe(handled);
        results[24].ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(2);
        results.Skip(25).ShouldAllBe(result => result is AppendResult.Appended);
        (await database.Rows("select count(*), max(seq_id), (select last_value from mt_events_sequence) from mt_events", Cancel)).ShouldBe(
            ["25|25|25"],
            "a conflict and a repeat take no number"
        );
        (await database.Scalar<long>("select count(distinct xmin::text) from mt_events", Cancel)).ShouldBe(
            5,
            "two before, the one that waited alone, all others together, and the second append of a stream after them"
        );
    }

    [Fact]
    public async Task Many_events_open_a_second_lane_so_that_the_database_reads_them_while_it_commits()
    {
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);

        List<Task<AppendResult>> answers = [];
        await using (await HoldLock(database))
        {
            answers.AddRange(await OccupyALane(database, store));
            var many = Enumerable.Range(0, AppendQueue.SecondLaneEvents).Select(EventSamples.Numbered).ToList();
            answers.Add(store.Append(new Append("community-2", 0, many, Guid.CreateVersion7(), "Test"), Cancel));
            await WaitingForTheLock(database, AppendQueue.Lanes);
        }

        (await Task.WhenAll(answers)).ShouldAllBe(result => result is AppendResult.Appended);
    }

    [Fact]
    public async Task An_append_that_the_database_will_never_take_fails_alone()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run("alter table ea_inbox add constraint no_bad_ones check (command <> 'Bad')", Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);

        List<Task<AppendResult>> answers = [];
        await using (await HoldLock(database))
        {
            answers.AddRange(await OccupyALane(database, store));
            answers.Add(Append(store, "community-2", 0));
            answers.Add(Append(store, "community-3", 0));
            answers.Add(Append(store, "community-4", 0, command: "Bad"));
            answers.Add(Append(store, "community-5", 0));
        }

        (await Should.ThrowAsync<PostgresException>(() => answers[3])).ConstraintName.ShouldBe("no_bad_ones");
        foreach (var other in answers.Where((_, n) => n != 3))
            (await other).ShouldBeOfType<AppendResult.Appended>();
        (await database.Rows("select stream_id from mt_events order by 1", Cancel)).ShouldBe([
            "community-1",
            "community-2",
            "community-3",
            "community-5",
        ]);
    }

    [Fact]
    public async Task An_append_that_is_cancelled_while_it_waits_is_never_sent()
    {
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        List<Task<AppendResult>> answers = [];
        Task<AppendResult> cancelled;
        await using (await HoldLock(database))
        {
            answers.AddRange(await OccupyALane(database, store));
            cancelled = store.Append(new Append("community-3", 0, [EventSamples.Numbered(3)], Guid.CreateVersion7(), "Test"), stop.Token);
            answers.Add(Append(store, "community-4", 0));
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        }
        await Task.WhenAll(answers);

        (await database.Scalar<long>("select count(*) from mt_events where stream_id = 'community-3'", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Events_of_a_batch_have_times_in_the_order_of_their_numbers_even_when_the_clock_was_set_back()
    {
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresEventStore(database.Source, TimeProvider.System);
        await Append(store, "community-a", 0);
        await database.Run("update mt_events set timestamp = timestamp + interval '1 hour'", Cancel);

        await Append(store, "community-a", 1);

        (await database.Scalar<bool>("select max(timestamp) = min(timestamp) from mt_events", Cancel)).ShouldBeTrue();
    }

    private static Task<AppendResult> Append(
        PostgresEventStore store,
        string stream,
        long version,
        Guid? messageId = null,
        string command = "Test"
    ) => store.Append(new Append(stream, version, [EventSamples.Numbered(1)], messageId ?? Guid.CreateVersion7(), command), Cancel);

    private static async Task<NpgsqlConnection> HoldLock(TestDatabase database)
    {
        var holder = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync(Cancel);
        await using var take = new NpgsqlCommand("select pg_advisory_lock(x'4541617070656e64'::bigint)", holder);
        await take.ExecuteNonQueryAsync(Cancel);
        return holder;
    }

    /// <summary>One append waits for the lock, so that all others, being few, wait for it.</summary>
    private static async Task<List<Task<AppendResult>>> OccupyALane(TestDatabase database, PostgresEventStore store)
    {
        List<Task<AppendResult>> answers = [Append(store, "community-1", 0)];
        await WaitingForTheLock(database, 1);
        return answers;
    }

    private static Task WaitingForTheLock(TestDatabase database, int lanes) =>
        Deadline.Until(
            $"{lanes} lanes wait for the lock",
            async () =>
                await database.Scalar<long>(
                    "select count(*) from pg_locks l join pg_database d on d.oid = l.database "
                        + "where d.datname = current_database() and locktype = 'advisory' and not granted",
                    Cancel
                ) == lanes,
            TimeSpan.FromSeconds(30),
            Cancel
        );
}
