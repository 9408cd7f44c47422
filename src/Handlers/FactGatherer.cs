using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>Reads what the decision on a command rests on. Reads only.</summary>
public sealed class FactGatherer(
    IMessageStore messages,
    ICommunityKeys keys,
    IRatchetKeys ratchetKeys,
    IMagnetlinkMessages magnetlinks,
    TimeProvider time
)
{
    /// <exception cref="CommandRefused">The command hands in a message that is not what it should be.</exception>
    public async Task<Facts> Gather(ICommand command, Community community, CancellationToken cancellation)
    {
        var facts = new Facts(time.GetUtcNow());
        switch (command)
        {
            case CreateArchive:
                var range = await messages.Range(command.CommunityId, community.ContentTopics, cancellation);
                return facts with
                {
                    OldestMessage = range?.OldestTimestamp,
                    HighestMessageNumber = range?.HighestNumber ?? 0,
                    Ratchet = community.EncryptedAfter is null ? null : await FindRatchet(command.CommunityId, cancellation),
                };
            case EnableHistoryArchives
            or ConfirmSeeding
            or AnnounceArchive when await keys.Find(command.CommunityId, cancellation) is { } key:
                return facts with { Sign = (clock, magnetlink) => magnetlinks.Sign(key, clock, magnetlink) };
            case ReceiveMagnetlink received:
                return facts with { Announced = Verify(received) };
            default:
                return facts;
        }
    }

    private async Task<RatchetPosition?> FindRatchet(CommunityId community, CancellationToken cancellation) =>
        await ratchetKeys.FindNewest(community, cancellation) is { } newest
            ? new RatchetPosition(newest.Key.Id, newest.HighestSeqNo)
            : null;

    private Announced Verify(ReceiveMagnetlink command)
    {
        SignedMagnetlink message;
        try
        {
            message = magnetlinks.Open(command.SignedMessage);
        }
        catch (FormatException fault)
        {
            throw new CommandRefused("not_a_magnetlink_message", $"SignedMessage cannot be read: {fault.Message}");
        }
        return message.Signer == command.CommunityId
            ? new Announced(message.Clock, message.Magnetlink)
            : throw new CommandRefused(
                "wrong_signer",
                $"The message is signed by {message.Signer}, not by the community {command.CommunityId}: it is not the community's."
            );
    }
}
