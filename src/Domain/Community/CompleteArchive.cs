using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The cut is on disk. No torrent: there was no message in the window that an archive can hold.</summary>
public sealed record CompleteArchive(
    CommunityId CommunityId,
    ulong From,
    ulong To,
    CutTorrent? Torrent,
    IReadOnlyList<ArchiveEntry> Archives,
    long Messages,
    IReadOnlyDictionary<string, string> SetAside,
    string Node,
    PeerAddress? Peer
) : IReport;

/// <summary>The torrent that a cut made.</summary>
public sealed record CutTorrent(InfoHash InfoHash, Magnetlink Magnetlink, int ArchiveCount, long DataBytes);

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
