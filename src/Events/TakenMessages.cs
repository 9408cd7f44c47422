using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>Messages that a cut has taken: put into an archive, or set aside for a reason. What is not among them is still to be archived.</summary>
/// <param name="From">First second of their timestamps, Unix seconds.</param>
/// <param name="To">First second after their timestamps, Unix seconds.</param>
/// <param name="HighestNumber">They were recorded under this number at most.</param>
/// <param name="ContentTopics">They came on one of these topics.</param>
public sealed record TakenMessages(ulong From, ulong To, long HighestNumber, IReadOnlyList<ContentTopic> ContentTopics);
