using System.Diagnostics;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>A node is paused inside the transaction of a subscription, for longer than the database waits for it, and goes on as if nothing had been.</summary>
public sealed class PausedLeaderTests : IAsyncLifetime
{
    private const int Streams = 4;
    private const int EventsOfAnAppend = 5;
    private const int PauseTries = 500;
    private const int BriefPauses = 20;

    /// <summary>The role of the node that is paused, by which its sessions are told from the other's.</summary>
    private const string PausedRole = "paused";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 60 : 40);

    // Slow enough for the bus of one node to keep up with.
    private static readonly TimeSpan WriterPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-paused-");
    private readonly List<long> positions = [];
    private PrivatePostgres server = null!;
    private NpgsqlDataSource source = null!;
    private string connectionString = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await PrivatePostgres.Start(new PostgresSettings(Durable: false, AlwaysPrivate: true), Cancel);
        connectionString = await server.CreateDatabase(Cancel);
        source = PostgresDataSource.Create(connectionString);
        await Database.Of(source).Apply(agreed: false, Cancel);
        await using var role = source.CreateCommand($"create role {PausedRole} superuser login password '{PausedRole}'");
        await role.ExecuteNonQueryAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_leader_that_was_paused_and_goes_on_writes_nothing_that_another_has_written()
    {
        await using var first = await Start("first", PausedRole);
        await using var second = await Start("second");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = Task.WhenAll(Enumerable.Range(1, Streams).Select(stream => Task.Run(() => Write(stream, end.Token), Cancel)));
        var watching = Task.Run(() => Watch(end.Token), Cancel);

        await Deadline.Until("every subscription handles what is written", async () => await Slowest() > 0, Patience, Cancel);
        for (var pause = 0; pause < BriefPauses; pause++)
        {
            await PauseInsideATransaction(first);
            Signal("CONT", first);
        }
        await PauseInsideATransaction(first);
        var clock = Stopwatch.StartNew();
        try
        {
            var atPause = await Head();
            await Deadline.Until(
                "the other node takes over what the paused one held",
                async () => await Slowest() > atPause,
                Pause + Patience,
                Cancel
            );
            while (clock.Elapsed < Pause)
                await Task.Delay(100, Cancel);
        }
        finally
        {
            Signal("CONT", first);
        }
        var atResume = await Head();
        await Deadline.Until("everything moves after the pause", async () => await Slowest() > atResume, Patience, Cancel);
        await end.CancelAsync();
        await writing;
        await watching;
        await Deadline.Until("every event is handled", async () => await Slowest() == await Head(), Patience, Cancel);

        first.HasExited.ShouldBeFalse();
        positions.ShouldBeInOrder(SortDirection.Ascending, "no checkpoint ever goes back");
        (await Rows("select count(*) from mt_doc_timeline")).ShouldBe(
            await Rows("select count(*) from mt_events where type <> 'tombstone'")
        );
        await first.Stop(Cancel);
        await second.Stop(Cancel);
        foreach (var projection in AllProjections.List)
        {
            var rows = $"select id, data from {projection.Table} order by id";
            var live = await Rows(rows);
            using var store = Database.StoreOf(source);
            await new ProjectionRebuild(store, TimeProvider.System).Run(projection, new Progress<RebuildProgress>(), Cancel);
            live.ShouldBe(await Rows(rows), $"{projection.Name} is what a fresh fold gives");
        }
    }

    private Task<ServiceNode> Start(string name, string? role = null) =>
        ServiceNode.Start(
            new ServiceNodeSettings(
                name,
                Path.Combine(folder.FullName, name),
                role is null
                    ? connectionString
                    : new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = role }.ConnectionString,
                // Nobody is there: the node polls in vain, and it is not what this is about.
                new Uri($"http://127.0.0.1:{FreePort.Next()}")
            ),
            Cancel
        );

    /// <summary>A session that stays inside its transaction while the node stands still is the node's, and a subscription's.</summary>
    private async Task PauseInsideATransaction(ServiceNode node)
    {
        for (var attempt = 0; attempt < PauseTries; attempt++)
        {
            Signal("STOP", node);
            await Task.Delay(200, Cancel);
            var held = await Rows(
                $"select query from pg_stat_activity where usename = '{PausedRole}' and state = 'idle in transaction' "
                    + "and state_change < clock_timestamp() - interval '150 milliseconds'"
            );
            if (held.Count > 0)
                return;
            Signal("CONT", node);
            await Task.Delay(Random.Shared.Next(5, 30), Cancel);
        }
        throw new TimeoutException($"In {PauseTries} tries the node was never paused inside a transaction.");
    }

    private async Task Write(int stream, CancellationToken end)
    {
        using var marten = Database.StoreOf(source);
        var store = new CommunityStore(marten, TimeProvider.System);
        var community = CommunityId.Parse("0x02" + stream.ToString("x64"));
        while (!end.IsCancellationRequested)
        {
            await using var work = await store.Begin(community, Guid.CreateVersion7(), Cancel);
            List<IEvent> events = work.Community.Id is null
                ? [new HistoryArchivesEnabled(community, ControlNode: true, PubsubTopic.Default, [])]
                : [];
            while (events.Count < EventsOfAnAppend)
                events.Add(new ArchiveSkipped(community, (ulong)events.Count, (ulong)events.Count + 1));
            (await work.Commit(new Decision(events, "Write", "test"), Cancel)).ShouldNotBeNull();
            await Task.Delay(WriterPause, Cancel);
        }
    }

    private async Task Watch(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            positions.Add(await Slowest());
            await Task.Delay(50, Cancel);
        }
    }

    private async Task<long> Slowest() =>
        long.Parse(
            (
                await Rows(
                    "select case when count(*) = 8 then min(last_seq_id) else 0 end from mt_event_progression where name like '%:All'"
                )
            )[0]
        );

    private async Task<long> Head() => long.Parse((await Rows("select coalesce(max(seq_id), 0) from mt_events"))[0]);

    private async Task<IReadOnlyList<string>> Rows(string sql)
    {
        List<string> rows = [];
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column)))));
        return rows;
    }

    private static void Signal(string name, ServiceNode node)
    {
        using var kill = ChildProcess.Start("kill", $"-{name}", $"{node.ProcessId}");
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }
}
