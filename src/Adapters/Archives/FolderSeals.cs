using EventArchive.Handlers;

namespace EventArchive.Archives;

/// <summary>That the archives of a folder are encrypted, and with which keys.</summary>
/// <param name="EncryptedAfter">The index, and archives whose window ends after this second (Unix). 0: all of them.</param>
public sealed record FolderSeals(IRatchetKeys Keys, ulong EncryptedAfter);
