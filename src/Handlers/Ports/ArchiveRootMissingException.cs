namespace EventArchive.Handlers;

/// <summary>
/// The archive root is away: an unmounted disk, a removed folder. Nothing is written or seeded until it is back, and no try is counted
/// against the work that met it. The message says what to do.
/// </summary>
public sealed class ArchiveRootMissingException(string message) : IOException(message);
