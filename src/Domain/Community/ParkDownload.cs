using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The index is encrypted with a key that is not here.</summary>
public sealed record ParkDownload(CommunityId CommunityId, InfoHash InfoHash, RatchetKeyId MissingKey) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ParkDownload command, Community community) =>
        community.Downloading?.InfoHash == command.InfoHash && community.DownloadAwaits != command.MissingKey
            ? [new DownloadParked(command.CommunityId, command.InfoHash, command.MissingKey)]
            : [];
}
