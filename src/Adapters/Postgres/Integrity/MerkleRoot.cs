using System.Security.Cryptography;

namespace EventArchive.Postgres;

/// <summary>
/// The Merkle tree hash of RFC 6962, section 2.1, over leaves that come one by one; it keeps one hash for each level. SHA-256, with 0x00 before a
/// leaf and 0x01 before two nodes.
/// </summary>
public sealed class MerkleRoot
{
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The roots of the complete trees that the leaves so far make, largest first: their sizes are the bits of the count.</summary>
    private readonly Stack<byte[]> trees = new();

    public long Leaves { get; private set; }

    public void Add(ReadOnlySpan<byte> leaf)
    {
        var node = SHA256.HashData([LeafPrefix, .. leaf]);
        for (var bits = Leaves; (bits & 1) == 1; bits >>= 1)
            node = Join(trees.Pop(), node);
        trees.Push(node);
        Leaves++;
    }

    /// <summary>32 bytes. Of no leaves: the hash of nothing.</summary>
    public byte[] Compute()
    {
        byte[]? root = null;
        // A stack gives its newest first: the smallest tree, which stands to the right.
        foreach (var tree in trees)
            root = root is null ? tree : Join(tree, root);
        return root ?? SHA256.HashData([]);
    }

    private static byte[] Join(byte[] left, byte[] right) => SHA256.HashData([NodePrefix, .. left, .. right]);
}
