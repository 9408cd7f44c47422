using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// An operator put a community's history in this service's care. All that follows in its stream rests on this. It is stored once more when the
/// community begins to encrypt.
/// </summary>
/// <param name="ControlNode">This deployment holds the community's key: it cuts and announces. Otherwise it follows as a member.</param>
/// <param name="PubsubTopic">The shard on which the community speaks.</param>
/// <param name="ContentTopics">The channels' topics, in the order in which archives name them.</param>
/// <param name="EncryptedAfter">The index and every archive whose window ends after this second (Unix) are encrypted; null: nothing is.</param>
public sealed record HistoryArchivesEnabled(
    CommunityId CommunityId,
    bool ControlNode,
    PubsubTopic PubsubTopic,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong? EncryptedAfter = null
) : IEvent;

/// <summary>The community's channels are now these. Archives cut before keep the topics they were cut with.</summary>
/// <param name="MagnetlinkClock">
/// The clock of the newest announcement that the community's description names, when it is higher than any known before: announcements with
/// a lower clock are old from now on. Null: nothing new.
/// </param>
public sealed record ChannelsChanged(CommunityId CommunityId, IReadOnlyList<ContentTopic> ContentTopics, Clock? MagnetlinkClock = null)
    : IEvent;
