using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A node serves no torrent of the community any more.</summary>
/// <param name="Retired">It does not come back, nor do its files. False: it left the torrent to another that serves it.</param>
public sealed record ReportSeedingStopped(CommunityId CommunityId, string Node, bool Retired) : IReport;
