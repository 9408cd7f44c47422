using EventArchive.Handlers;
using EventArchive.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Two nodes on one database, and whatever else may write beside them.</summary>
public sealed class EventStoreRaceTests(PostgresFixture postgres)
{
    private const int Writers = 16;
    private const int EventsOfEachAppend = 10;
    private const int Events = 100_000;
    private const int Races = 1000;
    private const int StreamsOfEach = 3;
    private const int RollbackEvery = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_sees_every_committed_event_once_and_in_order_whatever_is_rolled_back_or_held_open_beside_it()
    {
        await using var database = await postgres.Create(Cancel);
        await using var other = new TestDatabase(database.ConnectionString);
        PostgresEventStore[] stores = [new(database.Source, TimeProvider.System), new(other.Source, TimeProvider.System)];
        await database.Run("create table elsewhere (number int)", Cancel);
        // Older than every append, and open until the end: a reader that waits for old transactions would see nothing.
        await using var bystander = await database.Source.OpenConnectionAsync(Cancel);
        await using var open = await bystander.BeginTransactionAsync(Cancel);
        await using (var insert = new NpgsqlCommand("insert into elsewhere values (1)", bystander))
            await insert.ExecuteNonQueryAsync(Cancel);
        await using (var patient = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0", bystander))
            await patient.ExecuteNonQueryAsync(Cancel);

        using var written = new CancellationTokenSource();
        var reading = Task.Run(() => Follow(stores[0], written.Token), Cancel);
        var disturbing = Task.Run(() => Disturb(database, written.Token), Cancel);
        var failures = await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(stores[writer % 2], database, writer), Cancel))
        );
        await written.CancelAsync();
        var rolledBack = await disturbing;
        var seen = await reading;
        await open.RollbackAsync(Cancel);

        rolledBack.ShouldBeGreaterThan(0, "the disturbance has happened");
        failures.ShouldAllBe(count => count > 0, "each writer has rolled back");
        failures.Sum().ShouldBeGreaterThan(Events / EventsOfEachAppend / RollbackEvery / 2);
        seen.Count.ShouldBeGreaterThanOrEqualTo(Events);
        var stored = await database.Rows("select seq_id, id from mt_events order by seq_id", Cancel);
        seen.Select(e => $"{e.Seq}|{e.Id}").SequenceEqual(stored).ShouldBeTrue("the reader saw each event once and in order");
        (
            await database.Rows(
                "select stream_id from mt_events group by stream_id having min(version) <> 1 or max(version) <> count(*) "
                    + "union all select id from mt_streams s where version <> (select max(version) from mt_events where stream_id = s.id)",
                Cancel
            )
        ).ShouldBeEmpty("the versions of each stream are 1 to n");
        (
            await database.Scalar<long>(
                "select count(*) from (select timestamp < lag(timestamp) over (order by seq_id) as back from mt_events) e where back",
                Cancel
            )
        ).ShouldBe(0, "time order is number order");
    }

    [Fact]
    public async Task Two_nodes_that_race_on_one_stream_never_both_win()
    {
        await using var database = await postgres.Create(Cancel);
        await using var other = new TestDatabase(database.ConnectionString);
        PostgresEventStore[] stores = [new(database.Source, TimeProvider.System), new(other.Source, TimeProvider.System)];

        for (var round = 0; round < Races; round++)
        {
            var version = round;
            var results = await Task.WhenAll(
                stores.Select(store =>
                    Task.Run(
                        () =>
                            store.Append(
                                new Append("community-a", version, [EventSamples.Numbered(version)], Guid.CreateVersion7(), "Race"),
                                Cancel
                            ),
                        Cancel
                    )
                )
            );
            results.Count(result => result is AppendResult.Appended).ShouldBe(1);
            results.ShouldContain(new AppendResult.VersionConflict(version + 1));
        }

        (await database.Rows("select count(*), max(version), max(seq_id) from mt_events", Cancel)).ShouldBe(
            [$"{Races}|{Races}|{Races}"],
            "the losers took no number"
        );
        (await database.Scalar<long>("select count(*) from ea_inbox", Cancel)).ShouldBe(Races);
        var verified = await new StoreVerifier(database.Source).Verify(streamId: null, begin: null, progress: null, Cancel);
        (verified.Whole, verified.Unhashed).ShouldBe((true, 0), "the chain holds although each node knew the stream's head from before");
    }

    /// <summary>Fails now and then: events that took numbers are rolled back, and the same versions are appended anew.</summary>
    private static async Task<int> Write(PostgresEventStore store, TestDatabase database, int writer)
    {
        var random = new Random(writer);
        var versions = new long[StreamsOfEach];
        var rolledBack = 0;
        for (var append = 0; append < Events / Writers / EventsOfEachAppend; append++)
        {
            var stream = append % StreamsOfEach;
            var name = $"community-{writer}-{stream}";
            if (random.Next(RollbackEvery) == 0)
            {
                await using var connection = await database.Source.OpenConnectionAsync(Cancel);
                await using var transaction = await connection.BeginTransactionAsync(Cancel);
                (await HandAppend.Run(connection, name, versions[stream], random.Next(1, EventsOfEachAppend), Cancel)).ShouldBe("a");
                await transaction.RollbackAsync(Cancel);
                rolledBack++;
            }
            var events = Enumerable.Range(append, EventsOfEachAppend).Select(EventSamples.Numbered).ToList();
            var result = await store.Append(new Append(name, versions[stream], events, Guid.CreateVersion7(), "Write"), Cancel);
            versions[stream] = result.ShouldBeOfType<AppendResult.Appended>().Version;
        }
        return rolledBack;
    }

    /// <summary>Appends by hand in transactions that stay open for a while, and rolls most of them back.</summary>
    private static async Task<int> Disturb(TestDatabase database, CancellationToken end)
    {
        var random = new Random(20261121);
        var (rolledBack, version) = (0, 0L);
        for (var turn = 0; !end.IsCancellationRequested; turn++)
        {
            await using var connection = await database.Source.OpenConnectionAsync(Cancel);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            var count = random.Next(1, 5);
            (await HandAppend.Run(connection, "community-by-hand", version, count, Cancel)).ShouldBe("a");
            // The first is held long enough for everybody to queue up behind it.
            await Task.Delay(turn == 0 ? 1000 : random.Next(0, 20), Cancel);
            if (random.Next(3) > 0)
            {
                await transaction.RollbackAsync(Cancel);
                rolledBack++;
            }
            else
            {
                await transaction.CommitAsync(Cancel);
                version += count;
            }
            await Task.Delay(random.Next(0, 50), Cancel);
        }
        return rolledBack;
    }

    private static async Task<List<(long Seq, Guid Id)>> Follow(PostgresEventStore store, CancellationToken written)
    {
        List<(long Seq, Guid Id)> seen = [];
        while (true)
        {
            var last = written.IsCancellationRequested;
            var before = seen.Count;
            await foreach (var recorded in store.Read(new EventQuery(AfterSeq: before > 0 ? seen[^1].Seq : 0), Cancel))
                seen.Add((recorded.Seq, recorded.Id));
            if (last && seen.Count == before)
                return seen;
        }
    }
}
