using EventArchive.Handlers;

namespace EventArchive.Tests.Contract;

public sealed class InMemoryEventStoreTests : EventStoreContract
{
    protected override Task<IEventStore> Create() => Task.FromResult<IEventStore>(new InMemoryEventStore());

    protected override Task Overwrite(long seq, string storedName, string json)
    {
        ((InMemoryEventStore)Store).Overwrite(seq, storedName, json);
        return Task.CompletedTask;
    }
}
