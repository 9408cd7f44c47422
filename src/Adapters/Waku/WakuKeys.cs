using System.Security.Cryptography;
using System.Text;

namespace EventArchive.Waku;

/// <summary>
/// The symmetric keys of channels: PBKDF2-HMAC-SHA256 of the chat id without salt, 65,356 iterations (status-go; not 65,536). A key takes
/// some 11 ms, so the newest are kept. They are public knowledge to whoever knows the chat id. Safe for many threads.
/// </summary>
/// <param name="maxKept">More keys than this are not kept; the oldest goes first.</param>
public sealed class WakuKeys(int maxKept = WakuKeys.MaxKept)
{
    public const int Iterations = 65_356;
    public const int MaxKept = 4_096;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Lazy<byte[]>> kept = [];
    private readonly Queue<string> oldestFirst = new();

    public ReadOnlyMemory<byte> Of(string chatId)
    {
        Lazy<byte[]>? key;
        lock (gate)
        {
            if (!kept.TryGetValue(chatId, out key))
            {
                if (oldestFirst.Count >= maxKept)
                    kept.Remove(oldestFirst.Dequeue());
                key = new Lazy<byte[]>(() => Derive(chatId));
                kept.Add(chatId, key);
                oldestFirst.Enqueue(chatId);
            }
        }
        return key.Value;
    }

    internal bool Keeps(string chatId)
    {
        lock (gate)
            return kept.ContainsKey(chatId);
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
