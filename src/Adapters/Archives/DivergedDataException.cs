namespace EventArchive.Archives;

/// <summary>
/// A cut would change bytes of <c>data</c> that a present torrent covers. They are announced, and perhaps open in the engine that seeds them,
/// so nothing was written there.
/// </summary>
public sealed class DivergedDataException(string message) : IOException(message);
