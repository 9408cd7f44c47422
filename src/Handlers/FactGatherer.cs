using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>
/// Reads what the decision on a command rests on. Reads only. What it reads of the community's own stream is exact: if an event comes behind
/// the state, the decision is not stored, and is made again.
/// </summary>
public sealed class FactGatherer(
    IMessageStore messages,
    ICommunityKeys keys,
    IRatchetKeys ratchetKeys,
    IMagnetlinkMessages magnetlinks,
    EventReader events,
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
            case EnableHistoryArchives { ControlNode: true }:
                return facts with { KeyIsHere = await keys.Exists(command.CommunityId, cancellation) };
            case ReceiveMagnetlink received:
                var announced = Verify(received);
                return facts with
                {
                    Announced = announced,
                    // Seldom: as a rule an announcement is heeded, or known.
                    IgnoredBefore = community.FindReasonToIgnore(announced, facts.Now) is null
                        ? []
                        : await FindIgnored(command.CommunityId, announced, cancellation),
                };
            case CompleteDownload completed when community.Downloading?.InfoHash == completed.InfoHash:
                return facts with { ImportedArchives = await FindImported(completed, cancellation) };
            default:
                return facts;
        }
    }

    private async Task<RatchetPosition?> FindRatchet(CommunityId community, CancellationToken cancellation) =>
        await ratchetKeys.FindNewest(community, cancellation) is { } newest
            ? new RatchetPosition(newest.Key.Id, newest.HighestSeqNo)
            : null;

    private async Task<HashSet<IgnoredBecause>> FindIgnored(CommunityId community, Announced announced, CancellationToken cancellation)
    {
        HashSet<IgnoredBecause> reasons = [];
        await foreach (var ignored in ReadOwn<MagnetlinkIgnored>(community, cancellation))
        {
            if (ignored.Clock == announced.Clock && ignored.InfoHash == announced.Magnetlink.InfoHash)
                reasons.Add(ignored.Reason);
        }
        return reasons;
    }

    private async Task<HashSet<ArchiveId>> FindImported(CompleteDownload command, CancellationToken cancellation)
    {
        HashSet<ArchiveId> ofTorrent = [.. command.Archives];
        HashSet<ArchiveId> imported = [];
        await foreach (var one in ReadOwn<ArchivesImported>(command.CommunityId, cancellation))
            imported.UnionWith(one.Archives.Where(ofTorrent.Contains));
        return imported;
    }

    /// <summary>A form of the past that gives such an event has a stored name of its own, which would be asked for here too.</summary>
    private IAsyncEnumerable<T> ReadOwn<T>(CommunityId community, CancellationToken cancellation)
        where T : IEvent =>
        events
            .Read(new EventQuery(StreamId: Community.StreamId(community), Types: [StoredName.Of(typeof(T))]), cancellation)
            .Select(recorded => (T)recorded.Event);

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
