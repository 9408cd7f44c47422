using System.Buffers.Binary;

namespace EventArchive.Waku;

/// <summary>The newest hashes, bounded: two generations, of which the older is forgotten whole. Safe for many threads.</summary>
internal sealed class RecentHashes(int most)
{
    private readonly Lock gate = new();
    private HashSet<(ulong, ulong)> young = [];
    private HashSet<(ulong, ulong)> old = [];

    public bool Contains(byte[] hash)
    {
        var key = Key(hash);
        lock (gate)
            return young.Contains(key) || old.Contains(key);
    }

    public void Add(byte[] hash)
    {
        lock (gate)
        {
            if (young.Count >= most / 2)
                (old, young) = (young, []);
            young.Add(Key(hash));
        }
    }

    /// <summary>Half of a SHA-256 tells messages apart.</summary>
    private static (ulong, ulong) Key(byte[] hash) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8)));
}
