using System.Collections.Concurrent;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>Keys that are gone with the process: those of a key file for the command line, and of tests.</summary>
public sealed class InMemoryRatchetKeys : IRatchetKeys
{
    private readonly ConcurrentDictionary<(CommunityId, RatchetKeyId), HeldRatchetKey> held = new();

    public Task Import(RatchetKey key, uint seqNo, CancellationToken cancellation)
    {
        held.AddOrUpdate((key.CommunityId, key.Id), new HeldRatchetKey(key, seqNo), (_, known) => Raise(known, seqNo));
        return Task.CompletedTask;
    }

    public Task<HeldRatchetKey?> Find(CommunityId community, RatchetKeyId id, CancellationToken cancellation) =>
        Task.FromResult(held.GetValueOrDefault((community, id)));

    public Task<HeldRatchetKey?> FindNewest(CommunityId community, CancellationToken cancellation) =>
        Task.FromResult(
            held.Values.Where(one => one.Key.CommunityId == community)
                .OrderBy(one => one.Key.Timestamp)
                .ThenBy(one => one.Key.Id.ToString(), StringComparer.Ordinal)
                .LastOrDefault()
        );

    public Task Advance(CommunityId community, RatchetKeyId id, uint seqNo, CancellationToken cancellation)
    {
        if (held.TryGetValue((community, id), out var known))
            held[(community, id)] = Raise(known, seqNo);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ListedRatchetKey>> List(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ListedRatchetKey>>([
            .. held
                .Values.Select(one => new ListedRatchetKey(one.Key.CommunityId, one.Key.Id, one.Key.Timestamp, one.HighestSeqNo))
                .OrderBy(one => one.CommunityId.ToString(), StringComparer.Ordinal)
                .ThenBy(one => one.Timestamp)
                .ThenBy(one => one.KeyId.ToString(), StringComparer.Ordinal),
        ]);

    public Task<bool> Forget(CommunityId community, RatchetKeyId id, CancellationToken cancellation) =>
        Task.FromResult(held.TryRemove((community, id), out _));

    private static HeldRatchetKey Raise(HeldRatchetKey known, uint seqNo) =>
        known with
        {
            HighestSeqNo = Math.Max(known.HighestSeqNo, seqNo),
        };
}
