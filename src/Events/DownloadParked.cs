using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// The torrent's index is encrypted with a key that is not here, so nothing is known of its archives. The bytes are fetched all the same, and the
/// download is completed when the key is imported.
/// </summary>
public sealed record DownloadParked(CommunityId CommunityId, InfoHash InfoHash, RatchetKeyId MissingKey) : IEvent;
