using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>These archives, by id, are encrypted with keys that are not here.</summary>
public sealed record ParkArchives(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyDictionary<string, RatchetKeyId> MissingKeys)
    : IReport;
