using EventArchive.Events;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>The seeder's own queue: there is a torrent that this node may lack, or one node more that has it.</summary>
public sealed class WakeSeeder(SeedQueue queue) : IConsumer<ArchiveCreated>, IConsumer<HistoryImported>, IConsumer<SeedingStarted>
{
    // What is new lies on one disk alone.
    public Task Consume(ConsumeContext<ArchiveCreated> context) => Wake(context.Message, others: 0);

    public Task Consume(ConsumeContext<HistoryImported> context) => Wake(context.Message, others: 0);

    public Task Consume(ConsumeContext<SeedingStarted> context) => Wake(context.Message, others: 1);

    private Task Wake(IEvent @event, int others)
    {
        queue.Add(@event.CommunityId, new SeedNeed(Tries: 0, others));
        return Task.CompletedTask;
    }
}
