using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;

namespace EventArchive.Tests.Contract;

internal static class StoreByHand
{
    /// <summary>Stores events as one command's, without asking the decider.</summary>
    /// <returns>Null: the stream moved on meanwhile.</returns>
    public static async Task<CommandOutcome?> Store(
        this CommunityStore store,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation,
        Guid? messageId = null,
        Func<Task>? meanwhile = null
    )
    {
        await using var work = await store.Begin(events[0].CommunityId, messageId ?? Guid.CreateVersion7(), cancellation);
        if (work.Outcome is { } earlier)
            return earlier;
        if (meanwhile is not null)
            await meanwhile();
        return await work.Commit(new Decision(events, "Test", "test"), cancellation);
    }
}
