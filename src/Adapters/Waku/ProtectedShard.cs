using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// A shard whose relays pass on only what the topic key signed. The signature stands in the message's meta: r and s (64 bytes) over
/// SHA-256(pubsub topic | payload | content topic | timestamp, 8 bytes little-endian | ephemeral, 1 byte).
/// </summary>
internal static class ProtectedShard
{
    public static WakuMessage Sign(WakuMessage message, PubsubTopic pubsubTopic, ReadOnlySpan<byte> topicPrivateKey) =>
        message with
        {
            Meta = Secp256k1.Sign(Digest(message, pubsubTopic), topicPrivateKey)[..Secp256k1.CompactBytes],
        };

    /// <param name="topicPublicKey">33 or 65 bytes.</param>
    public static bool Verify(WakuMessage message, PubsubTopic pubsubTopic, ReadOnlySpan<byte> topicPublicKey) =>
        Secp256k1.Verify(Digest(message, pubsubTopic), message.Meta, topicPublicKey);

    private static byte[] Digest(WakuMessage message, PubsubTopic pubsubTopic)
    {
        Span<byte> timestamp = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(timestamp, message.Timestamp);
        return SHA256.HashData([
            .. Encoding.UTF8.GetBytes(pubsubTopic.ToString()),
            .. message.Payload,
            .. Encoding.UTF8.GetBytes(message.ContentTopic),
            .. timestamp,
            message.Ephemeral ? (byte)1 : (byte)0,
        ]);
    }
}
