using EventArchive.Commands;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>What a message heard on a community's channel turned out to be.</summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage; empty when it is not handed on.</param>
/// <param name="Reason">Why it is not handed on; empty when it is.</param>
/// <param name="Type">What it is about, as Status counts: 25 a description, 43 a magnetlink.</param>
/// <param name="Clock">What the community signed with it; the higher one is the newer of two of one type.</param>
internal sealed record HeardMessage(HeardOutcome Outcome, byte[] SignedMessage, string Reason, int Type = 0, ulong Clock = 0)
{
    public static HeardMessage Read(WakuMessage message, CommunityId community, ReadOnlySpan<byte> symmetricKey)
    {
        try
        {
            if (message.Version != WakuMessage.StatusVersion)
                throw new FormatException($"It has version {message.Version}.");
            var signed = ProtocolMessageLayer.Unwrap(WakuPayload.Open(message.Payload, symmetricKey).Data);
            var application = ApplicationMessage.Open(signed, SignedDescription.MaxBytes);
            if (application.Type is not (ApplicationMessage.MagnetlinkType or SignedDescription.Type))
                return new HeardMessage(HeardOutcome.OtherType, [], $"It has type {application.Type}.");
            if (application.SignerId != community)
                return new HeardMessage(HeardOutcome.Stranger, [], $"It is signed by {application.SignerId}.");
            var clock =
                application.Type == SignedDescription.Type
                    ? SignedDescription.Read(application).Revision
                    : new MagnetlinkMessages().Open(signed).Clock.Milliseconds;
            return new HeardMessage(HeardOutcome.HandedOn, signed, "", application.Type, clock);
        }
        catch (FormatException fault)
        {
            return new HeardMessage(HeardOutcome.Undecodable, [], fault.Message);
        }
    }

    /// <summary>The command that a message which was handed on stands for.</summary>
    /// <exception cref="FormatException">It is none of the two kinds.</exception>
    public static ICommand ToCommand(CommunityId community, byte[] signedMessage) =>
        ApplicationMessage.Open(signedMessage, SignedDescription.MaxBytes) is { Type: SignedDescription.Type } description
            ? SignedDescription.Read(description).ToCommand()
            : new ReceiveMagnetlink(community, signedMessage);
}
