using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The torrent that a cut made.</summary>
public sealed record CutTorrent(InfoHash InfoHash, Magnetlink Magnetlink, int ArchiveCount, long DataBytes);
