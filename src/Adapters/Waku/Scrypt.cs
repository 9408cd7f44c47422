using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventArchive.Waku;

/// <summary>The key derivation scrypt (RFC 7914), which .NET lacks. Its cost is chosen by whoever wrote the file, so it is bounded here.</summary>
internal static class Scrypt
{
    /// <summary>What one derivation may take: as much as go-ethereum's standard parameters (n = 262,144, r = 8) ask for.</summary>
    public const long MaxMemoryBytes = 256L * 1024 * 1024;

    /// <summary>Mixings of one block, n * r * p: eight times go-ethereum's standard, some 20 s.</summary>
    public const long MaxMixings = 16L * 1024 * 1024;
    public const int MaxParallelism = 64;
    public const int MaxBlocks = 1024;
    public const int MaxKeyBytes = 1024;

    private const int SalsaWords = 16;
    private const int SalsaRounds = 8;
    private const int BlockWords = 2 * SalsaWords;

    /// <param name="n">A power of two, more than 1.</param>
    /// <param name="r">Blocks of 128 bytes.</param>
    /// <param name="p">Derivations, one after another.</param>
    /// <exception cref="FormatException">The parameters are none, or ask for more than is allowed here.</exception>
    public static byte[] DeriveKey(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, long n, int r, int p, int keyBytes)
    {
        Require(n, r, p, keyBytes);
        var blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * r * BlockWords * sizeof(uint));
        var table = new uint[n * r * BlockWords];
        var words = new uint[r * BlockWords];
        var scratch = new uint[r * BlockWords];
        try
        {
            for (var part = 0; part < p; part++)
            {
                var bytes = blocks.AsSpan(part * r * BlockWords * sizeof(uint), r * BlockWords * sizeof(uint));
                for (var i = 0; i < words.Length; i++)
                    words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
                RoMix(words, scratch, table, n);
                for (var i = 0; i < words.Length; i++)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * sizeof(uint))..], words[i]);
            }
            return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, keyBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(words.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(scratch.AsSpan()));
        }
    }

    private static void Require(long n, int r, int p, int keyBytes)
    {
        if (n < 2 || !BitOperations.IsPow2(n) || r < 1 || p < 1 || keyBytes < 1)
            throw new FormatException("The scrypt parameters are none: n is a power of two above 1; r, p and dklen are at least 1.");
        if (
            keyBytes > MaxKeyBytes
            || p > MaxParallelism
            || r > MaxBlocks
            || (Int128)n * r * BlockWords * sizeof(uint) > MaxMemoryBytes
            || (Int128)n * r * p > MaxMixings
        )
            throw new FormatException(
                $"The scrypt parameters ask for more than is allowed: 128 * n * r is at most {MaxMemoryBytes}, n * r * p at most {MaxMixings}, "
                    + $"r at most {MaxBlocks}, p at most {MaxParallelism} and dklen at most {MaxKeyBytes}. Write the file again with less, for example n = 262144, r = 8, p = 1."
            );
    }

    private static void RoMix(Span<uint> words, Span<uint> scratch, uint[] table, long n)
    {
        for (var i = 0L; i < n; i++)
        {
            words.CopyTo(Row(table, i, words.Length));
            BlockMix(words, scratch);
            scratch.CopyTo(words);
        }
        for (var i = 0L; i < n; i++)
        {
            var j = (words[^SalsaWords] | ((ulong)words[^(SalsaWords - 1)] << 32)) & (ulong)(n - 1);
            Xor(words, Row(table, (long)j, words.Length));
            BlockMix(words, scratch);
            scratch.CopyTo(words);
        }
    }

    private static Span<uint> Row(uint[] table, long row, int length) => table.AsSpan((int)(row * length), length);

    /// <summary>Mixes each half block with the one before it; the even ones come first in the result.</summary>
    private static void BlockMix(ReadOnlySpan<uint> input, Span<uint> output)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        input[^SalsaWords..].CopyTo(x);
        var halves = input.Length / SalsaWords;
        for (var i = 0; i < halves; i++)
        {
            Xor(x, input.Slice(i * SalsaWords, SalsaWords));
            Salsa(x);
            x.CopyTo(output[(((i / 2) + (i % 2 * (halves / 2))) * SalsaWords)..]);
        }
    }

    private static void Xor(Span<uint> words, ReadOnlySpan<uint> with)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] ^= with[i];
    }

    /// <summary>Salsa20/8: four times a round on the columns and one on the rows.</summary>
    private static void Salsa(Span<uint> words)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        words.CopyTo(x);
        for (var round = 0; round < SalsaRounds; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
        for (var i = 0; i < SalsaWords; i++)
            words[i] += x[i];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
