using System.Diagnostics;
using System.Security.Cryptography;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Bench.Messages;

/// <summary>Sealing and opening all layers of a message, beside what its bytes need.</summary>
internal sealed class LayerBench(int rounds)
{
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(200);

    private static readonly byte[] Key = [.. Enumerable.Repeat((byte)0x11, 32)];
    private static readonly byte[] ChannelKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    public void Run(Report report)
    {
        var table = report.Table("Seal and open on one core", "message", "bytes", "seal/s", "of the limit", "open/s", "of the limit");
        var magnet =
            $"magnet:?xt=urn:btih:{new string('a', 40)}&dn=0x02{new string('b', 64)}&tr=udp%3A%2F%2Ftracker.opentrackr.org%3A1337%2Fannounce&x.pe=127.0.0.1:9025";
        Measure(table, "magnetlink", MagnetlinkMessages.Encode(1_700_000_000_000, magnet), ApplicationMessage.MagnetlinkType);
        Measure(table, "1 KB", RandomNumberGenerator.GetBytes(1024), type: 1);
    }

    private void Measure(BenchTable table, string name, byte[] content, int type)
    {
        var signed = ApplicationMessage.Sign(Key, content, type);
        var plain = WakuPayload.Plain(ProtocolMessageLayer.Wrap(signed), Key, RandomNumberGenerator.Fill);
        var sealedBytes = WakuPayload.Encrypt(plain, ChannelKey, RandomNumberGenerator.Fill);
        var (hash, signature) = (Keccak256.Hash(content), Secp256k1.Sign(Keccak256.Hash(content), Key));
        using var aes = new AesGcm(ChannelKey, WakuPayload.TagBytes);
        var (nonce, cipher, tag) = (new byte[WakuPayload.NonceBytes], new byte[plain.Length], new byte[WakuPayload.TagBytes]);
        aes.Encrypt(nonce, plain, cipher, tag);
        Action[] work =
        [
            () =>
                WakuPayload.Seal(
                    ProtocolMessageLayer.Wrap(ApplicationMessage.Sign(Key, content, type)),
                    Key,
                    ChannelKey,
                    RandomNumberGenerator.Fill
                ),
            () => ApplicationMessage.Open(ProtocolMessageLayer.Unwrap(WakuPayload.Open(sealedBytes, ChannelKey).Data)),
            () => Secp256k1.Sign(hash, Key),
            () => Secp256k1.Recover(hash, signature),
            () => Keccak256.Hash(content),
            () => Keccak256.Hash(plain.AsSpan(..^Secp256k1.SignatureBytes)),
            () => aes.Encrypt(nonce, plain, cipher, tag),
            () => aes.Decrypt(nonce, cipher, tag, plain),
        ];
        // Side by side in every round, so that a busy moment of the machine is in all of them.
        var times = work.Select(_ => new List<double>()).ToArray();
        foreach (var act in work)
            _ = Seconds(act);
        for (var round = 0; round < rounds; round++)
        for (var part = 0; part < work.Length; part++)
            times[part].Add(Seconds(work[part]));
        var median = times.Select(Report.Median).ToArray();
        var (seal, open, sign, recover, keccak, keccakPlain, encrypt, decrypt) = (
            median[0],
            median[1],
            median[2],
            median[3],
            median[4],
            median[5],
            median[6],
            median[7]
        );
        table.Row(
            name,
            $"{content.Length}",
            $"{1 / seal:F0}",
            $"{((2 * sign) + keccak + keccakPlain + encrypt) / seal:F2}",
            $"{1 / open:F0}",
            $"{((2 * recover) + keccak + keccakPlain + decrypt) / open:F2}"
        );
    }

    private static double Seconds(Action act)
    {
        var (begun, count) = (Stopwatch.GetTimestamp(), 0);
        do
        {
            for (var turn = 0; turn < 50; turn++)
                act();
            count += 50;
        } while (Stopwatch.GetElapsedTime(begun) < RoundTime);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds / count;
    }
}
