using System.Buffers.Binary;
using System.Numerics;

namespace EventArchive.Model;

/// <summary>Keccak-256 as Ethereum and Status use it: the pad byte of the Keccak submission (0x01), not of SHA-3 (0x06).</summary>
public static class Keccak256
{
    private const int RateBytes = 136;

    private static readonly ulong[] RoundConstants = MakeRoundConstants();

    public static byte[] Hash(ReadOnlySpan<byte> input)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (; input.Length >= RateBytes; input = input[RateBytes..])
            Absorb(state, input[..RateBytes]);
        Span<byte> last = stackalloc byte[RateBytes];
        last.Clear();
        input.CopyTo(last);
        last[input.Length] = 0x01;
        last[^1] |= 0x80;
        Absorb(state, last);
        var hash = new byte[32];
        for (var lane = 0; lane < 4; lane++)
            BinaryPrimitives.WriteUInt64LittleEndian(hash.AsSpan(lane * 8), state[lane]);
        return hash;
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var lane = 0; lane < RateBytes / 8; lane++)
            state[lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(lane * 8)..]);
        Span<ulong> column = stackalloc ulong[5];
        Span<ulong> row = stackalloc ulong[5];
        foreach (var constant in RoundConstants)
        {
            for (var x = 0; x < 5; x++)
                column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            for (var lane = 0; lane < 25; lane++)
                state[lane] ^= column[(lane + 4) % 5] ^ BitOperations.RotateLeft(column[(lane + 1) % 5], 1);
            var (moved, px, py) = (state[1], 1, 0);
            for (var step = 0; step < 24; step++)
            {
                (px, py) = (py, ((2 * px) + (3 * py)) % 5);
                var target = px + (5 * py);
                (moved, state[target]) = (state[target], BitOperations.RotateLeft(moved, (step + 1) * (step + 2) / 2 % 64));
            }
            for (var y = 0; y < 25; y += 5)
            {
                state.Slice(y, 5).CopyTo(row);
                for (var x = 0; x < 5; x++)
                    state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
            }
            state[0] ^= constant;
        }
    }

    /// <summary>The 24 constants of the iota step, from the shift register that defines them (FIPS 202, 3.2.5).</summary>
    private static ulong[] MakeRoundConstants()
    {
        var constants = new ulong[24];
        byte register = 1;
        foreach (ref var constant in constants.AsSpan())
        {
            for (var bit = 0; bit < 7; bit++)
            {
                if ((register & 1) != 0)
                    constant |= 1UL << ((1 << bit) - 1);
                register = (byte)((register << 1) ^ ((register >> 7) * 0x71));
            }
        }
        return constants;
    }
}
