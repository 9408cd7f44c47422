namespace EventArchive.Handlers;

/// <summary>
/// The archive root is away, or cannot be written: an unmounted disk, a removed folder, a file system that turned read-only. Nothing is written until
/// it is back, and no try is counted against the work that met it. The message says what to do.
/// </summary>
public sealed class ArchiveRootMissingException(string message) : IOException(message);
