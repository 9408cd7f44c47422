using System.Buffers.Binary;
using EventArchive.Model;

namespace EventArchive.Bench.Archives;

/// <summary>Messages of one community with payloads of one length, spread evenly over weeks of some 25 MB.</summary>
internal sealed class Sample(long bytes, int payloadBytes)
{
    public const uint Week = 604_800;
    public const ulong Start = 1_700_006_400;

    private const int WeekBytes = 25_000_000;
    private const int SigBytes = 65;

    public static readonly CommunityId Community = CommunityId.Parse("0x02" + new string('1', 64));

    public static readonly ContentTopic Topic = ContentTopic.Parse("0x01020304");

    private static readonly byte[] Noise = RandomBytes();

    public long Bytes => bytes;

    public int PayloadBytes => payloadBytes;

    public long Count { get; } = bytes / (payloadBytes + SigBytes);

    public uint Weeks { get; } = (uint)Math.Max(1, bytes / WeekBytes);

    public ulong End => Start + (Weeks * (ulong)Week);

    public IEnumerable<ArchivedMessage> Messages()
    {
        var sig = Noise[..SigBytes];
        for (long i = 0; i < Count; i++)
        {
            var hash = Noise[..32];
            BinaryPrimitives.WriteInt64LittleEndian(hash, i);
            BinaryPrimitives.WriteInt32LittleEndian(hash.AsSpan(8), payloadBytes);
            var from = (int)(i * 7919 % (Noise.Length - payloadBytes));
            yield return new(
                sig,
                Start + (ulong)((decimal)i * Weeks * Week / Count),
                Topic,
                Noise[from..(from + payloadBytes)],
                [1],
                hash,
                ""
            );
        }
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
