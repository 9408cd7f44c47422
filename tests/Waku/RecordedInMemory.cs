using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Tests.Waku;

/// <summary>Keeps each message once, by its hash; it can be out of order.</summary>
internal sealed class RecordedInMemory : IMessageStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ArchivedMessage> byHash = [];

    /// <summary>What the next calls fail with; null: nothing.</summary>
    public Func<Exception?> Fault { get; set; } = () => null;

    public IReadOnlyList<ArchivedMessage> Messages
    {
        get
        {
            lock (gate)
                return [.. byHash.Values];
        }
    }

    public Task<long> Record(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation)
    {
        if (Fault() is { } fault)
            throw fault;
        lock (gate)
            return Task.FromResult(messages.LongCount(message => byHash.TryAdd(Hex.Encode(message.Hash), message)));
    }

    public Task<long> Import(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<RecordedRange?> Range(CommunityId community, IReadOnlyList<ContentTopic> topics, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<ArchivedMessage> Read(
        CommunityId community,
        IReadOnlyList<ContentTopic> topics,
        ulong from,
        ulong to,
        long highestNumber,
        CancellationToken cancellation
    ) => throw new NotSupportedException();

    public IAsyncEnumerable<ulong> ReadLateTimestamps(CommunityId community, LateMessages late, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<ArchivedMessage> ReadLate(
        CommunityId community,
        LateMessages late,
        ulong from,
        ulong to,
        CancellationToken cancellation
    ) => throw new NotSupportedException();

    public Task<long> Count(CommunityId community, CancellationToken cancellation) => Task.FromResult((long)Messages.Count);
}
