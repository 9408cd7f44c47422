using EventArchive.Waku.Wire;
using Google.Protobuf;

namespace EventArchive.Waku;

/// <summary>
/// Status's encryption layer around a public message. It is written with an installation id and without a key bundle: a bundle would
/// name the owner's account and device, and receivers do not need it.
/// </summary>
internal static class ProtocolMessageLayer
{
    /// <summary>The same for everybody who runs this, so it tells nothing about anybody.</summary>
    public const string NeutralInstallationId = "installation-1";

    /// <summary>Longer than any message of the network.</summary>
    public const int MaxBytes = WakuMessage.MaxBytes;

    public static byte[] Wrap(ReadOnlySpan<byte> message, string installationId = NeutralInstallationId) =>
        new ProtocolMessage
        {
            InstallationId = ByteString.CopyFromUtf8(installationId),
            PublicMessage = ByteString.CopyFrom(message),
        }.ToByteArray();

    /// <summary>Gives the ApplicationMetadataMessage inside, or the bytes as they are when the layer was left out, which status-go accepts.</summary>
    /// <exception cref="FormatException">It is too long, not protobuf, or encrypted for others.</exception>
    public static byte[] Unwrap(ReadOnlySpan<byte> bytes)
    {
        var read = WireMessage.Parse(ProtocolMessage.Parser, bytes, MaxBytes, "A Status protocol message");
        if (!read.PublicMessage.IsEmpty)
            return read.PublicMessage.ToByteArray();
        // ApplicationMetadataMessage has no field 101 or 102, so nothing that is one can be taken for the other.
        return read.EncryptedMessage.Count == 0
            ? bytes.ToArray()
            : throw new FormatException("The message is encrypted; magnetlink messages are public.");
    }
}
