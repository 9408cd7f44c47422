using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The index is encrypted with a key that is not here.</summary>
public sealed record ParkDownload(CommunityId CommunityId, InfoHash InfoHash, RatchetKeyId MissingKey) : IReport;
