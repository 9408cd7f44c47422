using System.Security.Cryptography;
using System.Text;
using EventArchive.Handlers;

namespace EventArchive.Waku;

/// <summary>
/// The symmetric keys of channels: PBKDF2-HMAC-SHA256 of the chat id without salt, 65,356 iterations (status-go; not 65,536). A key takes
/// some 11 ms, so the newest are kept. They are public knowledge to whoever knows the chat id. Safe for many threads.
/// </summary>
/// <param name="maxKept">More keys than this are not kept; the oldest goes first.</param>
public sealed class WakuKeys(int maxKept = WakuKeys.MaxKept)
{
    public const int KeyBytes = WakuPayload.SymmetricKeyBytes;
    public const int Iterations = 65_356;
    public const int MaxKept = 65_536;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Lazy<byte[]>> kept = [];
    private readonly Queue<string> oldestFirst = new();

    public ReadOnlyMemory<byte> Of(string chatId)
    {
        Lazy<byte[]>? key;
        lock (gate)
        {
            if (!kept.TryGetValue(chatId, out key))
                Keep(chatId, key = new Lazy<byte[]>(() => Derive(chatId)));
        }
        return key.Value;
    }

    /// <summary>Has the keys of these channels at hand: from the store, or derived and put there.</summary>
    internal async Task Prepare(IReadOnlyCollection<string> chatIds, IChannelKeys store, CancellationToken cancellation)
    {
        string[] wanted = [.. chatIds.Where(chatId => !Keeps(chatId))];
        if (wanted.Length == 0)
            return;
        var stored = await store.Find(wanted, cancellation);
        foreach (var (chatId, key) in stored.Where(one => one.Value.Length == WakuPayload.SymmetricKeyBytes))
            Keep(chatId, new Lazy<byte[]>(key));
        string[] missing = [.. wanted.Where(chatId => !Keeps(chatId))];
        if (missing.Length > 0)
            await store.Keep(missing.ToDictionary(chatId => chatId, chatId => Of(chatId).ToArray()), cancellation);
    }

    internal bool Keeps(string chatId)
    {
        lock (gate)
            return kept.ContainsKey(chatId);
    }

    private void Keep(string chatId, Lazy<byte[]> key)
    {
        lock (gate)
        {
            if (oldestFirst.Count >= maxKept)
                kept.Remove(oldestFirst.Dequeue());
            if (kept.TryAdd(chatId, key))
                oldestFirst.Enqueue(chatId);
        }
    }

    private static byte[] Derive(string chatId) =>
        Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(chatId),
            ReadOnlySpan<byte>.Empty,
            Iterations,
            HashAlgorithmName.SHA256,
            WakuPayload.SymmetricKeyBytes
        );
}
