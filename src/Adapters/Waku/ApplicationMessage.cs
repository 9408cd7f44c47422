using EventArchive.Commands;
using EventArchive.Model;
using EventArchive.Waku.Wire;
using Google.Protobuf;

namespace EventArchive.Waku;

/// <summary>Status's signed envelope, ApplicationMetadataMessage: a payload, its type, and a signature over the Keccak-256 of the payload.</summary>
/// <param name="Signer">Recovered from the signature: 65 bytes uncompressed.</param>
internal sealed record ApplicationMessage(byte[] Signer, byte[] Payload, int Type)
{
    /// <summary>COMMUNITY_MESSAGE_ARCHIVE_MAGNETLINK.</summary>
    public const int MagnetlinkType = 43;

    public const int MaxBytes = ReceiveMagnetlinkValidator.MaxMessageBytes;

    public CommunityId SignerId => CommunityId.FromKey(Secp256k1.Compress(Signer));

    public static byte[] Sign(ReadOnlySpan<byte> privateKey, byte[] payload, int type)
    {
        var signature = Secp256k1.Sign(Keccak256.Hash(payload), privateKey);
        return new ApplicationMetadataMessage
        {
            Signature = UnsafeByteOperations.UnsafeWrap(signature),
            Payload = UnsafeByteOperations.UnsafeWrap(payload),
            Type = type,
        }.ToByteArray();
    }

    /// <exception cref="FormatException">It is not such a message, or it is not signed; the message says why.</exception>
    public static ApplicationMessage Open(ReadOnlySpan<byte> bytes, int maxBytes = MaxBytes)
    {
        var read = WireMessage.Parse(ApplicationMetadataMessage.Parser, bytes, maxBytes, "A signed Status message");
        // Status falls back to the sender of the outer payload here. That layer does not outlive the transport, so it proves nothing later.
        if (read.Signature.IsEmpty)
            throw new FormatException("The message carries no signature.");
        return new ApplicationMessage(
            Secp256k1.Recover(Keccak256.Hash(read.Payload.Span), read.Signature.Span),
            read.Payload.ToByteArray(),
            read.Type
        );
    }

    /// <summary>Status's message id: Keccak-256 of the signer's uncompressed key and the envelope's bytes.</summary>
    public static byte[] IdOf(ReadOnlySpan<byte> signer, ReadOnlySpan<byte> bytes) => Keccak256.Hash([.. signer, .. bytes]);
}
