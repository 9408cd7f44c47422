using EventArchive.Handlers;

namespace EventArchive.BitTorrent;

/// <summary>The files can be read, and are not the torrent's.</summary>
internal sealed class FilesDifferException(string message) : TorrentException(message);
