using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(FailDownload command, Community community) =>
        community.Downloading?.InfoHash == command.InfoHash
            ? [new DownloadFailed(command.CommunityId, command.InfoHash, command.Reason)]
            : [];
}
