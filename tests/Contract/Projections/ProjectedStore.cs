using System.Text;
using System.Text.Json;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Tests.Projections;
using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Shouldly;
using IEvent = EventArchive.Events.IEvent;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Tests.Contract;

/// <summary>A database with Marten's tables alone, set up as the service sets them up, without a daemon of its own.</summary>
internal sealed class ProjectedStore : IAsyncDisposable
{
    /// <summary>Events of several streams get their numbers in turns when they are appended in pieces.</summary>
    private const int EpisodesOfAnAppend = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly RandomHistory history = new();

    private ProjectedStore(TestDatabase database, IDocumentStore store) => (Database, Store) = (database, store);

    public TestDatabase Database { get; }

    public IDocumentStore Store { get; }

    public static async Task<ProjectedStore> Create(PostgresFixture postgres, CancellationToken cancellation)
    {
        var database = new TestDatabase(await postgres.CreateEmpty(cancellation), drop: true);
        return new ProjectedStore(database, await Open(database));
    }

    /// <summary>A store, and what its tables lack.</summary>
    public static async Task<IDocumentStore> Open(TestDatabase database, Action<StoreOptions>? change = null)
    {
        IDocumentStore store = DocumentStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            EventStoreSetup.Configure(options);
            Schema.AddTo(options);
            change?.Invoke(options);
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        return store;
    }

    /// <summary>Random episodes of several communities, interleaved; those of later calls follow on.</summary>
    public async Task Append(IEnumerable<int> choices, CancellationToken cancellation)
    {
        foreach (var piece in choices.Chunk(EpisodesOfAnAppend))
            await Append([.. piece.SelectMany(history.Next)], cancellation);
    }

    public async Task Append(IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        await using var session = Store.LightweightSession();
        foreach (var stream in events.GroupBy(e => $"community-{e.CommunityId}"))
            session.Events.Append(stream.Key, [.. stream]);
        await session.SaveChangesAsync(cancellation);
    }

    public Task CatchUp() => CatchUp(Store);

    /// <summary>Runs the store's projections until they have folded every event.</summary>
    public static async Task CatchUp(IDocumentStore store)
    {
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await daemon.StopAllAsync();
    }

    public async Task<IReadOnlyList<MartenEvent>> Events(CancellationToken cancellation)
    {
        await using var session = Store.QuerySession();
        return [.. (await session.Events.QueryAllRawEvents().ToListAsync(cancellation)).OrderBy(e => e.Sequence)];
    }

    /// <summary>The documents are those that a fold of all events in memory gives.</summary>
    public async Task ShouldBeFolded(CancellationToken cancellation)
    {
        var events = await Events(cancellation);
        foreach (var (projection, fold) in LiveFold.All)
            (await Documents(projection.Table, cancellation)).ShouldBe(Texts(fold(events)), projection.Name);
    }

    public async Task<IReadOnlyList<string>> Documents(string table, CancellationToken cancellation) =>
        [
            .. (await Database.Rows($"select id, data from {table}", cancellation))
                .Select(row => row.Split('|', 2))
                .Select(row => $"{row[0]}|{Canonical(row[1])}")
                .Order(StringComparer.Ordinal),
        ];

    public static IReadOnlyList<string> Texts(SortedDictionary<string, object> documents) =>
        [
            .. documents
                .Select(one => $"{one.Key}|{Canonical(JsonSerializer.Serialize(one.Value, EventJson.Options))}")
                .Order(StringComparer.Ordinal),
        ];

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Database.DisposeAsync();
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
}
