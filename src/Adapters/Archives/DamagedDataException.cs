namespace EventArchive.Archives;

/// <summary>
/// Bytes of <c>data</c> that a torrent covers are not those of its piece hashes: a failing disk, or a foreign writer. Nothing was written; the
/// message names the piece and says what to put back.
/// </summary>
public sealed class DamagedDataException(string message) : IOException(message);
