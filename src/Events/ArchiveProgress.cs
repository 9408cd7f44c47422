using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>An archive of which some bytes are there, and not all.</summary>
/// <param name="DoneBytes">Of verified pieces.</param>
public sealed record ArchiveProgress(ArchiveId Archive, long DoneBytes, long Bytes);
