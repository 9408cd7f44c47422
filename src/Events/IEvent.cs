using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>A fact about one community, decided and stored. Facts are never changed; a wrong one is answered by a later one.</summary>
public interface IEvent
{
    CommunityId CommunityId { get; }
}
