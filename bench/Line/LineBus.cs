using System.Collections.Concurrent;
using System.Diagnostics;
using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using MassTransit;

namespace EventArchive.Bench.Line;

/// <summary>A producer and subscriber as another service is one: sends CreateArchive, and consumes MagnetlinkPublished.</summary>
internal sealed class LineBus : IAsyncDisposable
{
    private readonly ConcurrentDictionary<CommunityId, (long Begun, TaskCompletionSource<double> Done)> underWay = new();
    private readonly IBusControl bus;

    public LineBus(Uri rabbitMq) =>
        bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(configuration =>
        {
            configuration.Host(rabbitMq);
            configuration.ReceiveEndpoint(
                "bench-line",
                endpoint => endpoint.Handler<MagnetlinkPublished>(context => Ended(context.Message.CommunityId))
            );
        });

    public Task Start() => bus.StartAsync();

    /// <summary>Milliseconds from the command sent to the event consumed.</summary>
    public async Task<double> Run(Communities.Community community)
    {
        var (from, to) = community.NextWindow();
        var done = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        underWay[community.Id] = (Stopwatch.GetTimestamp(), done);
        var endpoint = await bus.GetSendEndpoint(BusEndpoints.Commands);
        await endpoint.Send(
            new CreateArchive(community.Id, from, to, Communities.WindowSeconds),
            context => context.MessageId = Guid.CreateVersion7()
        );
        return await done.Task;
    }

    public async ValueTask DisposeAsync() => await bus.StopAsync();

    private Task Ended(CommunityId community)
    {
        if (underWay.TryRemove(community, out var line))
            line.Done.TrySetResult(Stopwatch.GetElapsedTime(line.Begun).TotalMilliseconds);
        return Task.CompletedTask;
    }
}
