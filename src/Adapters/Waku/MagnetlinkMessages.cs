using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku.Wire;
using Google.Protobuf;

namespace EventArchive.Waku;

/// <summary>The magnetlink message as status-go writes it: CommunityMessageArchiveMagnetlink in an ApplicationMetadataMessage of type 43.</summary>
public sealed class MagnetlinkMessages : IMagnetlinkMessages
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public byte[] Sign(ReadOnlySpan<byte> communityPrivateKey, Clock clock, Magnetlink magnetlink) =>
        ApplicationMessage.Sign(communityPrivateKey, Encode(clock.Milliseconds, magnetlink.ToString()), ApplicationMessage.MagnetlinkType);

    public SignedMagnetlink Open(ReadOnlySpan<byte> signedMessage)
    {
        var message = ApplicationMessage.Open(signedMessage);
        var (clock, magnetUri) = Read(message);
        RequireUsable(clock, magnetUri);
        return new SignedMagnetlink(message.SignerId, new Clock(clock), Magnetlink.Parse(magnetUri));
    }

    internal static byte[] Encode(ulong clock, string magnetUri) =>
        new CommunityMessageArchiveMagnetlink { Clock = clock, MagnetUri = ByteString.CopyFromUtf8(magnetUri) }.ToByteArray();

    /// <summary>The fields as they stand: clock 0 and an empty magnet are what a message without them reads as.</summary>
    internal static (ulong Clock, string MagnetUri) Read(ApplicationMessage message)
    {
        if (message.Type != ApplicationMessage.MagnetlinkType)
            throw new FormatException($"A magnetlink message has type {ApplicationMessage.MagnetlinkType}, this one has {message.Type}.");
        var content = WireMessage.Parse(
            CommunityMessageArchiveMagnetlink.Parser,
            message.Payload,
            ApplicationMessage.MaxBytes,
            "The content of a magnetlink message"
        );
        try
        {
            return (content.Clock, StrictUtf8.GetString(content.MagnetUri.Span));
        }
        catch (DecoderFallbackException fault)
        {
            throw new FormatException("The magnet is not valid UTF-8.", fault);
        }
    }

    internal static void RequireUsable(ulong clock, string magnetUri)
    {
        if (clock == 0)
            throw new FormatException("The magnetlink message has no clock.");
        if (magnetUri.Length == 0)
            throw new FormatException("The magnetlink message has no magnet.");
    }
}
