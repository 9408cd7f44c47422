using System.Collections.Concurrent;

namespace EventArchive.Handlers;

/// <summary>Channel keys for unit tests: nothing survives the process.</summary>
public sealed class InMemoryChannelKeys : IChannelKeys
{
    private readonly ConcurrentDictionary<string, byte[]> kept = new();

    public Task<IReadOnlyDictionary<string, byte[]>> Find(IReadOnlyCollection<string> chatIds, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, byte[]>>(
            chatIds.Where(kept.ContainsKey).ToDictionary(chatId => chatId, chatId => kept[chatId])
        );

    public Task Keep(IReadOnlyDictionary<string, byte[]> keys, CancellationToken cancellation)
    {
        foreach (var (chatId, key) in keys)
            kept[chatId] = key;
        return Task.CompletedTask;
    }
}
