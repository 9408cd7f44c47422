using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The download was given up after the last try, or what came is not an archive torrent of this community.</summary>
public sealed record FailDownload(CommunityId CommunityId, InfoHash InfoHash, string Reason) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(FailDownload command, Community community) =>
        community.Downloading?.InfoHash == command.InfoHash
            ? [new DownloadFailed(command.CommunityId, command.InfoHash, command.Reason)]
            : [];
}
