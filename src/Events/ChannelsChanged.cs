using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The community's channels are now these. Archives cut before keep the topics they were cut with.</summary>
/// <param name="MagnetlinkClock">
/// The clock of the newest announcement that the community's description names, when it is higher than any known before: announcements with
/// a lower clock are old from now on. Null: nothing new.
/// </param>
/// <param name="ChatIds">As in <see cref="HistoryArchivesEnabled"/>.</param>
/// <param name="DescriptionRevision">The own clock of the community's description that says so; null: an operator said so.</param>
/// <param name="PubsubTopic">The shard on which the community speaks from now on; null: the same as before.</param>
public sealed record ChannelsChanged(
    CommunityId CommunityId,
    IReadOnlyList<ContentTopic> ContentTopics,
    Clock? MagnetlinkClock = null,
    IReadOnlyList<string>? ChatIds = null,
    ulong? DescriptionRevision = null,
    PubsubTopic? PubsubTopic = null
) : IEvent;
