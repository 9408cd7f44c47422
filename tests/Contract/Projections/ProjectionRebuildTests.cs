using System.Collections.Concurrent;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ProjectionRebuildTests(PostgresFixture postgres)
{
    /// <summary>With some 6 events each, more than three pages.</summary>
    private const int Episodes = 8000;

    private static readonly int Kills = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 20 : 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. AllProjections.List.Select(projection => projection.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_rebuild_gives_the_rows_of_a_fresh_fold_and_leaves_nothing_else_behind(string name)
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 500), Cancel);
        var projection = AllProjections.Find(name)!;
        var table = new ProjectionTable(projection).Name;
        await database.Run($$"""insert into {{table}} values ('stale', '{}')""", Cancel);
        var reports = new Reports();

        await new ProjectionRebuild(database.Source).Run(projection, reports, Cancel);

        await database.ShouldBeFolded(projection, Cancel);
        reports.All[^1].Done.ShouldBe(reports.All[^1].Total);
        (await database.Rows("select name from mt_event_progression", Cancel)).ShouldBe([name]);
        (await database.Rows($"select tablename from pg_tables where tablename like '{table}%'", Cancel)).ShouldBe([table]);
        (await database.Rows($"select conname from pg_constraint where conrelid = '{table}'::regclass", Cancel)).ShouldBe([
            $"pkey_{table}",
        ]);
        (await database.Rows($"select indexname from pg_indexes where tablename = '{table}'", Cancel)).ShouldBe([$"pkey_{table}"]);
    }

    [Fact]
    public async Task While_events_come_readers_see_whole_tables_and_the_live_projection_goes_on_where_the_new_one_stands()
    {
        var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 2000), Cancel);
        await using var node = await TestNode.Start(database, Cancel);
        await node.CaughtUp("Timeline");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var seen = new ConcurrentQueue<long>();
        var writing = Task.WhenAll(Enumerable.Range(0, RandomHistory.Communities).Select(n => Write(node, n, stop.Token)));
        var reading = Read(database, seen, stop.Token);

        for (var round = 0; round < 5; round++)
            await new ProjectionRebuild(database.Source).Run(AllProjections.Timeline, new Reports(), Cancel);
        await new ProjectionRebuild(database.Source).Run(AllProjections.Communities, new Reports(), Cancel);
        await stop.CancelAsync();
        await Task.WhenAll(writing, reading);
        await node.CaughtUp("Timeline");
        await node.CaughtUp("Communities");

        seen.Count.ShouldBeGreaterThan(5);
        seen.ShouldBeInOrder(SortDirection.Ascending, "a reader never sees fewer rows than before");
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel);
        await database.ShouldBeFolded(AllProjections.Communities, Cancel);
    }

    [Fact]
    public async Task A_rebuild_killed_at_random_points_goes_on_from_there_and_ends_equal_to_a_fresh_fold()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, Episodes), Cancel);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var resumed = 0L;
        foreach (var projection in (Projection[])[AllProjections.Communities, AllProjections.Timeline])
        {
            for (var kill = 0; kill < Kills; kill++)
                resumed = Math.Max(resumed, await RunAndKill(database, projection, random, first: kill == 0));
            await new ProjectionRebuild(database.Source).Run(projection, new Reports(), Cancel);
            await database.ShouldBeFolded(projection, Cancel);
        }
        resumed.ShouldBeGreaterThan(0, "one of them went on where another was killed");
    }

    [Fact]
    public async Task Of_two_rebuilds_at_once_the_second_says_so()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 100), Cancel);
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var held = 0;
        var reports = new Reports(_ =>
        {
            if (Interlocked.Increment(ref held) > 1)
                return;
            begun.Release();
            go.Wait(Cancel);
        });
        var first = Task.Run(() => new ProjectionRebuild(database.Source).Run(AllProjections.Seeding, reports, Cancel), Cancel);
        await begun.WaitAsync(Cancel);

        var second = await Should.ThrowAsync<InvalidOperationException>(() =>
            new ProjectionRebuild(database.Source) { LockTimeout = TimeSpan.FromMilliseconds(50) }.Run(
                AllProjections.Seeding,
                new Reports(),
                Cancel
            )
        );
        await new ProjectionRebuild(database.Source).Run(AllProjections.Downloads, new Reports(), Cancel);
        go.Release();
        await first;

        second.Message.ShouldContain("Seeding is being rebuilt by another process");
        await database.ShouldBeFolded(AllProjections.Seeding, Cancel);
        await new ProjectionRebuild(database.Source).Run(AllProjections.Seeding, new Reports(), Cancel);
    }

    [Fact]
    public async Task An_event_that_cannot_be_folded_ends_a_rebuild_with_its_number_and_the_live_table_stays_as_it_is()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 100), Cancel);
        await new ProjectionRebuild(database.Source).Run(AllProjections.Timeline, new Reports(), Cancel);
        var rows = await database.Scalar<long>("select count(*) from ea_timeline", Cancel);
        await database.Run("update mt_events set type = 'seeding_paused' where seq_id = 7", Cancel);

        var fault = await Should.ThrowAsync<UnhandledEventException>(() =>
            new ProjectionRebuild(database.Source).Run(AllProjections.Timeline, new Reports(), Cancel)
        );

        fault.SeqId.ShouldBe(7);
        (await database.Scalar<long>("select count(*) from ea_timeline", Cancel)).ShouldBe(rows);
        var status = (await new SubscriptionHealth(database.Source, []).Read(Cancel)).Single(one => one.Name == "Timeline");
        status.StoppedReason.ShouldBeNull("the live one has passed the event");
        await new SubscriptionFaults(database.Source).Skip("Timeline", 7, "No version knows it.", "me@here", Cancel);
        await new ProjectionRebuild(database.Source).Run(AllProjections.Timeline, new Reports(), Cancel);
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel, 7);
    }

    /// <summary>
    /// Half of them by the end of the process's wishes, half by that of its connections. The first one surely after the first write, so that
    /// there is something to go on from.
    /// </summary>
    /// <returns>Where it began.</returns>
    private static async Task<long> RunAndKill(TestDatabase database, Projection projection, Random random, bool first)
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var at = first ? 2 : random.Next(1, 4);
        var violently = first || random.Next(2) == 0;
        var count = 0;
        var reports = new Reports(_ =>
        {
            if (++count != at)
                return;
            if (violently)
                Terminate(database);
            else
                kill.CancelAfter(TimeSpan.FromMilliseconds(random.Next(30)));
        });
        try
        {
            await new ProjectionRebuild(database.Source) { EventsBetweenWrites = 1000 }.Run(projection, reports, kill.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or NpgsqlException)
        {
            // Killed, as it should be; a rebuild that was faster begins anew the next time.
        }
        return reports.All.Count > 0 ? reports.All[0].Done : 0;
    }

    private static void Terminate(TestDatabase database)
    {
        using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false;Application Name=killer");
        connection.Open();
        using var command = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
            connection
        );
        command.ExecuteNonQuery();
    }

    private static async Task Write(TestNode node, int community, CancellationToken stop)
    {
        var store = node.Services.GetRequiredService<IEventStore>();
        var id = RandomHistory.Id(community);
        var version = (await store.ReadStream($"community-{id}", 0, stop))[^1].Version;
        for (ulong n = 0; !stop.IsCancellationRequested; n++, version++)
        {
            var append = new Append($"community-{id}", version, [new ArchiveSkipped(id, n, n + 1)], Guid.CreateVersion7(), "Test");
            (await store.Append(append, Cancel)).ShouldBeOfType<AppendResult.Appended>();
        }
    }

    private static async Task Read(TestDatabase database, ConcurrentQueue<long> seen, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            seen.Enqueue(await database.Scalar<long>("select count(*) from ea_timeline", Cancel));
    }
}
