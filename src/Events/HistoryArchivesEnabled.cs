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
/// <param name="ChatIds">The channels as Status names them: what is said there opens with a key made of the id. Null: not known.</param>
public sealed record HistoryArchivesEnabled(
    CommunityId CommunityId,
    bool ControlNode,
    PubsubTopic PubsubTopic,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong? EncryptedAfter = null,
    IReadOnlyList<string>? ChatIds = null
) : IEvent;
