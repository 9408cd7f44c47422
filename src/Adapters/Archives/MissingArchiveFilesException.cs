namespace EventArchive.Archives;

/// <summary>
/// Files that must be in the archive tree are not, or not whole: a removed folder, a file cut short. Never taken for an
/// empty tree; the message says what to put back.
/// </summary>
public sealed class MissingArchiveFilesException(string message, Exception? inner = null) : IOException(message, inner);
