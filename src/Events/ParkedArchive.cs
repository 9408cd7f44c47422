using EventArchive.Model;

namespace EventArchive.Events;

/// <param name="MissingKey">The key that the archive names.</param>
public sealed record ParkedArchive(ArchiveId Archive, RatchetKeyId MissingKey);
