using EventArchive.EventStore;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Service;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class RebuildBesideNodesTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_while_a_node_folds_and_events_come_ends_with_the_documents_of_a_fresh_fold()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append(Enumerable.Range(0, 600), Cancel);
        using var node = Node(store);
        await node.StartAsync(Cancel);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = Task.Run(
            async () =>
            {
                for (var n = 0; !end.IsCancellationRequested; n++)
                {
                    await store.Append([n], Cancel);
                    await Task.Delay(5, Cancel);
                }
            },
            Cancel
        );

        foreach (var projection in (FoldedProjection[])[AllProjections.Timeline, AllProjections.Communities, AllProjections.Archives])
            await new ProjectionRebuild(store.Store, TimeProvider.System).Run(projection, new Reports(), Cancel);
        await end.CancelAsync();
        await writing;
        await node.Services.GetRequiredService<IDocumentStore>().WaitForNonStaleProjectionDataAsync(Patience);

        await store.ShouldBeFolded(Cancel);
        await node.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_rebuild_beside_a_node_with_nothing_to_do_is_not_undone_by_its_next_event()
    {
        await using var store = await ProjectedStore.Create(postgres, Cancel);
        await store.Append(Enumerable.Range(0, 200), Cancel);
        using var node = Node(store);
        await node.StartAsync(Cancel);
        await node.Services.GetRequiredService<IDocumentStore>().WaitForNonStaleProjectionDataAsync(Patience);

        foreach (var projection in AllProjections.List)
            await new ProjectionRebuild(store.Store, TimeProvider.System).Run(projection, new Reports(), Cancel);
        await store.ShouldBeFolded(Cancel);
        await store.Append(Enumerable.Range(0, 50), Cancel);
        await node.Services.GetRequiredService<IDocumentStore>().WaitForNonStaleProjectionDataAsync(Patience);

        await store.ShouldBeFolded(Cancel);
        await node.StopAsync(Cancel);
    }

    private static IHost Node(ProjectedStore store)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder
            .Services.AddMarten(options =>
            {
                options.Connection(store.Database.ConnectionString);
                EventStoreSetup.Configure(options);
            })
            .AddAsyncDaemon(DaemonMode.HotCold);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<OvertakenProjections>();
        builder.Services.AddHostedService(provider => new BackgroundLoops([
            new BackgroundLoop(
                "overtaken projections",
                provider.GetRequiredService<OvertakenProjections>().Look,
                TimeProvider.System,
                NullLogger<BackgroundLoop>.Instance
            )
            {
                Period = OvertakenProjections.Interval,
            },
        ]));
        return builder.Build();
    }
}
