using System.Collections.Concurrent;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Service;
using EventArchive.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;

namespace EventArchive.Tests.Contract;

/// <summary>A process of the service as far as PostgreSQL is concerned, wired as the service wires it. Publishes into a list.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost host;
    private readonly CancellationToken cancellation;
    private readonly bool ownsDatabase;

    private TestNode(TestDatabase database, bool ownsDatabase, Func<RecordedEvent, Task>? publish, CancellationToken cancellation)
    {
        Database = database;
        this.ownsDatabase = ownsDatabase;
        this.cancellation = cancellation;
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.Services.AddPostgres(
            _ => database.ConnectionString,
            _ => EventSamples.Community,
            _ => (recorded, _) => Publish(recorded, publish)
        );
        LoopList.AddTo(builder.Services, (loops, provider) => loops.OfStores(provider));
        host = builder.Build();
    }

    public TestDatabase Database { get; }

    public IServiceProvider Services => host.Services;

    public ConcurrentQueue<RecordedEvent> Published { get; } = [];

    public static async Task<TestNode> Start(
        TestDatabase database,
        CancellationToken cancellation,
        Func<RecordedEvent, Task>? publish = null,
        bool ownsDatabase = true
    )
    {
        var node = new TestNode(database, ownsDatabase, publish, cancellation);
        await node.host.StartAsync(cancellation);
        return node;
    }

    public async Task<RecordedEvent> Append(IEvent @event) => (await AppendAll([@event]))[^1];

    /// <summary>All in one append, to one stream.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> AppendAll(IReadOnlyList<IEvent> events)
    {
        var before = await EventsOf(events[0].CommunityId).CountAsync(cancellation);
        (await Services.GetRequiredService<CommunityStore>().Store(events, cancellation)).ShouldNotBeNull();
        return await EventsOf(events[0].CommunityId).Skip(before).ToListAsync(cancellation);
    }

    private IAsyncEnumerable<RecordedEvent> EventsOf(CommunityId community) =>
        Services.GetRequiredService<EventReader>().Read(new EventQuery(StreamId: Community.StreamId(community)), cancellation);

    public Task Stop() => host.StopAsync(cancellation);

    public async Task<ProjectionStatus> Status(string name) =>
        (await Services.GetRequiredService<ProjectionHealth>().Read(cancellation)).Single(status => status.Name == name);

    public Task CaughtUp(string name = "publish") =>
        Until($"{name} handles every event", async () => await Status(name) is { HeadSeq: > 0 } status && status.LastSeq == status.HeadSeq);

    public Task Listening() => Until("the node listens", () => Task.FromResult(Services.GetRequiredService<Notifications>().Listening));

    /// <summary>A wait as that of a worker of the effect, which nothing that was notified before ends.</summary>
    public async Task<Task> Waiting(Effect effect)
    {
        await Listening();
        var signals = Services.GetRequiredService<EffectSignals>();
        signals.WakeAll();
        await signals.Wait(effect, cancellation);
        return signals.Wait(effect, cancellation);
    }

    public Task Until(string what, Func<Task<bool>> condition) => Deadline.Until(what, condition, Patience, cancellation);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        if (ownsDatabase)
            await Database.DisposeAsync();
    }

    private async Task Publish(RecordedEvent recorded, Func<RecordedEvent, Task>? publish)
    {
        if (publish is not null)
            await publish(recorded);
        Published.Enqueue(recorded);
    }
}
