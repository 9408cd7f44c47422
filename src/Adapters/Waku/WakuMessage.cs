using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventArchive.Model;
using EventArchive.Waku.Wire;
using Google.Protobuf;

namespace EventArchive.Waku;

/// <summary>A message of the Waku network (14/WAKU2-MESSAGE).</summary>
/// <param name="Payload">For version 1: an encrypted payload (26/WAKU2-PAYLOAD).</param>
/// <param name="ContentTopic">The full name, <c>/waku/1/0x…/rfc26</c>.</param>
/// <param name="Version">1: encrypted as Status does. 0: whatever the application likes.</param>
/// <param name="Timestamp">Unix nanoseconds, as the sender says.</param>
/// <param name="Meta">On a protected shard the topic key's signature, 64 bytes; empty otherwise.</param>
/// <param name="Ephemeral">True: store nodes do not keep it.</param>
public sealed record WakuMessage(byte[] Payload, string ContentTopic, uint Version, long Timestamp, byte[] Meta, bool Ephemeral)
{
    public const uint StatusVersion = 1;

    /// <summary>What a node of the network passes on.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The network's name for the message: SHA-256(pubsub topic | payload | content topic | meta | timestamp, 8 bytes big-endian).</summary>
    public byte[] Hash(PubsubTopic pubsubTopic)
    {
        Span<byte> timestamp = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(timestamp, Timestamp);
        return SHA256.HashData([
            .. Encoding.UTF8.GetBytes(pubsubTopic.ToString()),
            .. Payload,
            .. Encoding.UTF8.GetBytes(ContentTopic),
            .. Meta,
            .. timestamp,
        ]);
    }

    /// <summary>The bytes on the wire, with meta and ephemeral present even when empty and false, as status-go writes them.</summary>
    public byte[] ToProtobuf() =>
        new NetworkMessage
        {
            Payload = UnsafeByteOperations.UnsafeWrap(Payload),
            ContentTopic = ContentTopic,
            Version = Version,
            Timestamp = Timestamp,
            Meta = UnsafeByteOperations.UnsafeWrap(Meta),
            Ephemeral = Ephemeral,
        }.ToByteArray();

    /// <exception cref="FormatException">It is too long or not such a message.</exception>
    public static WakuMessage FromProtobuf(ReadOnlySpan<byte> bytes)
    {
        var read = WireMessage.Parse(NetworkMessage.Parser, bytes, MaxBytes, "A Waku message");
        return new WakuMessage(
            read.Payload.ToByteArray(),
            read.ContentTopic,
            read.Version,
            read.Timestamp,
            read.Meta.ToByteArray(),
            read.Ephemeral
        );
    }
}
