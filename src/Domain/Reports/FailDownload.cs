using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The download was given up after the last try, or what came is not an archive torrent of this community.</summary>
public sealed record FailDownload(CommunityId CommunityId, InfoHash InfoHash, string Reason) : IReport;
