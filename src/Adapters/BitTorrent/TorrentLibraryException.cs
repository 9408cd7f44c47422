namespace EventArchive.BitTorrent;

/// <summary>The native library is missing or another version's: an installation fault, trying again does not help.</summary>
public sealed class TorrentLibraryException(string message, Exception? inner = null) : Exception(message, inner);
