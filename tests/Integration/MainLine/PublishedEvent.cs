namespace EventArchive.Tests.Integration.MainLine;

/// <summary>An event as it came off the bus.</summary>
public sealed record PublishedEvent(Guid MessageId, long Seq, string Type, string CommunityId);
