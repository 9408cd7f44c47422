using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>What a message heard on a community's channel turned out to be.</summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage; empty when none was found.</param>
/// <param name="Reason">Why it is not handed on; empty when it is.</param>
internal sealed record HeardMessage(HeardOutcome Outcome, byte[] SignedMessage, string Reason)
{
    public static HeardMessage Read(WakuMessage message, CommunityId community, ReadOnlySpan<byte> symmetricKey)
    {
        try
        {
            if (message.Version != WakuMessage.StatusVersion)
                throw new FormatException($"It has version {message.Version}.");
            var signed = ProtocolMessageLayer.Unwrap(WakuPayload.Open(message.Payload, symmetricKey).Data);
            var application = ApplicationMessage.Open(signed);
            if (application.Type != ApplicationMessage.MagnetlinkType)
                return new HeardMessage(HeardOutcome.OtherType, [], $"It has type {application.Type}.");
            if (application.SignerId != community)
                return new HeardMessage(HeardOutcome.Stranger, [], $"It is signed by {application.SignerId}.");
            _ = new MagnetlinkMessages().Open(signed);
            return new HeardMessage(HeardOutcome.HandedOn, signed, "");
        }
        catch (FormatException fault)
        {
            return new HeardMessage(HeardOutcome.Undecodable, [], fault.Message);
        }
    }
}
