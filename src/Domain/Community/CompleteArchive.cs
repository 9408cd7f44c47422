using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(CompleteArchive command, Community community)
    {
        if (community.Cutting?.From != command.From || community.Cutting.To != command.To)
            return [];
        return command.Torrent is not { } torrent
            ? [new ArchiveSkipped(command.CommunityId, command.From, command.To)]
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
                    [.. command.SetAside.Select(message => new SetAsideMessage(message.Key, message.Value))],
                    command.Node,
                    command.Peer
                ),
            ];
    }
}
