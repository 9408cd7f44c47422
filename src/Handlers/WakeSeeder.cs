using EventArchive.Events;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>The seeder's own queue: there is a torrent that this node may lack, or one node more that has it.</summary>
public sealed class WakeSeeder(SeedQueue queue) : IConsumer<ArchiveCreated>, IConsumer<HistoryImported>, IConsumer<SeedingStarted>
{
    public Task Consume(ConsumeContext<ArchiveCreated> context) => Wake(context.Message);

    public Task Consume(ConsumeContext<HistoryImported> context) => Wake(context.Message);

    public Task Consume(ConsumeContext<SeedingStarted> context) => Wake(context.Message);

    private Task Wake(IEvent @event)
    {
        queue.Add(@event.CommunityId);
        return Task.CompletedTask;
    }
}
