using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Weasel.Core;
using Xunit;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Tests.Contract;

/// <summary>A program of someone else that knows Marten, the connection string and the assembly of our events.</summary>
public sealed class PlainMartenTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_marten_store_of_ten_lines_reads_aggregates_and_projects_a_communitys_stream_because_the_tables_are_martens()
    {
        await using var database = await postgres.Create(Cancel);
        await using (var services = TestStores.Of(database))
            await services.GetRequiredService<CommunityStore>().Store([.. EventSamples.All], Cancel);
        var stream = Community.StreamId(EventSamples.Community);
        var skipped = EventSamples.All.OfType<ArchiveSkipped>().ToList();

        await using var store = DocumentStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            options.AutoCreateSchemaObjects = AutoCreate.None;
            options.UseSystemTextJsonForSerialization(EnumStorage.AsInteger);
            options.Events.StreamIdentity = StreamIdentity.AsString;
            StoredName.MapTo(options.Events.MapEventType);
            options.Projections.Add(new SkippedWindows(), ProjectionLifecycle.Async);
        });

        await using (var session = store.QuerySession())
        {
            var events = await session.Events.FetchStreamAsync(stream, token: Cancel);
            events.Select(e => EventJson.Write((Events.IEvent)e.Data)).ShouldBe(EventSamples.All.Select(EventJson.Write));
            events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, EventSamples.All.Count).Select(version => (long)version));
            (await session.Events.AggregateStreamAsync<Skips>(stream, token: Cancel)).ShouldBe(
                new Skips
                {
                    Id = stream,
                    Count = skipped.Count,
                    Last = skipped[^1].To,
                }
            );
        }
        await CreateTable(store, database);
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync<SkippedWindows>(Cancel);
        await using (var session = store.QuerySession())
            (await session.LoadAsync<Skips>(stream, Cancel)).ShouldBe(
                new Skips
                {
                    Id = stream,
                    Count = skipped.Count,
                    Last = skipped[^1].To,
                }
            );
    }

    /// <summary>Its own table alone: ours are not its to change.</summary>
    private static async Task CreateTable(DocumentStore store, TestDatabase database)
    {
        using var script = new StringWriter();
        foreach (var own in store.Storage.AllObjects().Where(one => one.Identifier.Name.Contains("skips", StringComparison.Ordinal)))
            own.WriteCreateStatement(store.Storage.Database.Migrator, script);
        await database.Run(script.ToString(), Cancel);
    }
}

public sealed record Skips
{
    public required string Id { get; init; }

    public int Count { get; init; }

    public ulong Last { get; init; }
}

public sealed partial class SkippedWindows : SingleStreamProjection<Skips, string>
{
    public override Skips? Evolve(Skips? snapshot, string id, MartenEvent e) =>
        e.Data is ArchiveSkipped skipped
            ? new Skips
            {
                Id = id,
                Count = (snapshot?.Count ?? 0) + 1,
                Last = skipped.To,
            }
            : snapshot;
}
