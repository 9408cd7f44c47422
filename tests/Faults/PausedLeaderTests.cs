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

/// <summary>A node that folds is paused, another takes over what it held, and it goes on as if nothing had been.</summary>
public sealed class PausedLeaderTests : IAsyncLifetime
{
    private const int Streams = 4;
    private const int EventsOfAnAppend = 5;
    private static readonly bool All = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1";
    private static readonly int Pauses = All ? 20 : 4;

    // Slow enough for the bus of one node to keep up with.
    private static readonly TimeSpan WriterPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The lock's session sleeps in the database for up to a minute at a time, and is ended when it was then idle in its transaction for 30 s.
    /// </summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(150);

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
        // By its role in the database a node's sessions are told from the other's.
        foreach (var role in new[] { "first", "second" })
            await Rows($"create role {role} superuser login password '{role}'");
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
        await using var first = await Start("first");
        await using var second = await Start("second");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = Task.WhenAll(Enumerable.Range(1, Streams).Select(stream => Task.Run(() => Write(stream, end.Token), Cancel)));
        var watching = Task.Run(() => Watch(end.Token), Cancel);
        await UntilPast(0, Patience);

        for (var pause = 0; pause < Pauses; pause++)
        {
            var (node, role) = pause % 2 == 0 ? (first, "first") : (second, "second");
            await Paused(
                node,
                atPause =>
                    Deadline.Until(
                        $"every projection is past event {atPause} without the paused node",
                        async () =>
                        {
                            await EndWhatIsHeldBy(role);
                            return await Slowest() > atPause;
                        },
                        Patience,
                        Cancel
                    )
            );
            await UntilPast(await Head(), Patience);
        }
        if (All)
            await Paused(first, atPause => UntilPast(atPause, Forgotten));
        await UntilPast(await Head(), Patience);
        await end.CancelAsync();
        await writing;
        await watching;
        await Deadline.Until("every event is handled", async () => await Slowest() == await Head(), Patience, Cancel);

        (first.HasExited, second.HasExited).ShouldBe((false, false));
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

    private Task<ServiceNode> Start(string name) =>
        ServiceNode.Start(
            new ServiceNodeSettings(
                name,
                Path.Combine(folder.FullName, name),
                new NpgsqlConnectionStringBuilder(connectionString) { Username = name, Password = name }.ConnectionString,
                // Nobody is there: the node polls in vain, and it is not what this is about.
                new Uri($"http://127.0.0.1:{FreePort.Next()}")
            ),
            Cancel
        );

    private async Task Paused(ServiceNode node, Func<long, Task> meanwhile)
    {
        Signal("STOP", node);
        try
        {
            await meanwhile(await Head());
        }
        finally
        {
            Signal("CONT", node);
        }
    }

    /// <summary>
    /// What the database does by itself with a node that is silent in a transaction, much later. Once is not enough: a statement that was under way
    /// when the node was paused holds its locks from its end on.
    /// </summary>
    private Task EndWhatIsHeldBy(string role) =>
        Rows(
            $"""
            select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'
                and (state = 'idle in transaction' or pid in (select pid from pg_locks where locktype = 'advisory'))
            """
        );

    private Task UntilPast(long seq, TimeSpan limit) =>
        Deadline.Until($"every projection is past event {seq}", async () => await Slowest() > seq, limit, Cancel);

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
