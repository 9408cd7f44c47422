using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>What the info dictionary of an archive torrent says. Sizes in bytes; <c>data</c> comes first, as in every torrent sorted by path.</summary>
internal sealed record TorrentShape(InfoHash InfoHash, string Name, int PieceBytes, int PieceCount, long DataBytes, long IndexBytes);
