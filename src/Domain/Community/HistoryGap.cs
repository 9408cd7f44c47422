using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>From From until To (Unix seconds, not included) nobody heard what was said on a channel, and no store node could tell it.</summary>
public sealed record HistoryGap(ContentTopic ContentTopic, ulong From, ulong To);
