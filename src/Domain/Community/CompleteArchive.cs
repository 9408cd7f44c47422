using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(CompleteArchive command, Community community)
    {
        if (community.Cutting?.From != command.From || community.Cutting.To != command.To)
            return [];
        SetAsideMessage[] setAside = [.. command.SetAside.Select(message => new SetAsideMessage(message.Key, message.Value))];
        return command.Torrent is not { } torrent
            ? [new ArchiveSkipped(command.CommunityId, command.From, command.To, setAside.Length > 0 ? setAside : null)]
            :
            [
                new ArchiveCreated(
                    command.CommunityId,
                    command.From,
                    command.To,
                    torrent.InfoHash,
                    torrent.Magnetlink,
                    command.Archives,
                    torrent.ArchiveCount,
                    torrent.DataBytes,
                    command.Messages,
                    setAside,
                    command.Node,
                    command.Peer
                ),
            ];
    }
}
