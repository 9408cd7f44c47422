using EventArchive.Events;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ParkDownload command, Community community) =>
        community.Downloading?.InfoHash == command.InfoHash && community.DownloadAwaits != command.MissingKey
            ? [new DownloadParked(command.CommunityId, command.InfoHash, command.MissingKey)]
            : [];
}
