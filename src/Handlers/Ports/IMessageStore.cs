using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>
/// The recorded messages of communities. Each gets a number, rising in commit order, so that "up to number n" is a fixed set. A message that is read
/// is valid until the next one is asked for: copy what is kept. Of one that is longer than any that is recorded a part may be left out.
/// </summary>
public interface IMessageStore
{
    /// <summary>
    /// Stores messages, each hash once for each community: the first message with a hash is kept. All or none. What is older than the
    /// retention is not stored.
    /// </summary>
    /// <returns>How many were stored.</returns>
    /// <exception cref="ArgumentException">A message cannot be stored.</exception>
    Task<long> Record(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation);

    /// <summary>Stores as <see cref="Record"/> does what came out of an archive of the community: such a message is never late.</summary>
    /// <returns>How many were stored.</returns>
    /// <exception cref="ArgumentException">A message cannot be stored.</exception>
    Task<long> Import(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation);

    /// <summary>Null: nothing is recorded on these topics.</summary>
    Task<RecordedRange?> Range(CommunityId community, IReadOnlyList<ContentTopic> topics, CancellationToken cancellation);

    /// <summary>Messages with From &lt;= timestamp &lt; To on these topics, in the order (timestamp, number). Streams: memory stays constant.</summary>
    IAsyncEnumerable<ArchivedMessage> Read(
        CommunityId community,
        IReadOnlyList<ContentTopic> topics,
        ulong from,
        ulong to,
        long highestNumber,
        CancellationToken cancellation
    );

    /// <summary>The timestamps of late messages, ascending, one for each message. Streams.</summary>
    IAsyncEnumerable<ulong> ReadLateTimestamps(CommunityId community, LateMessages late, CancellationToken cancellation);

    /// <summary>The late messages with From &lt;= timestamp &lt; To, in the order (timestamp, number). Streams.</summary>
    IAsyncEnumerable<ArchivedMessage> ReadLate(
        CommunityId community,
        LateMessages late,
        ulong from,
        ulong to,
        CancellationToken cancellation
    );

    Task<long> Count(CommunityId community, CancellationToken cancellation);
}

/// <param name="OldestTimestamp">Unix seconds.</param>
public sealed record RecordedRange(ulong OldestTimestamp, long HighestNumber);

/// <summary>The messages on Topics before the second Before with a number up to HighestNumber that are not among Taken and were not imported.</summary>
/// <param name="Topics">Null: every topic.</param>
/// <param name="Before">Unix seconds, not included.</param>
public sealed record LateMessages(
    IReadOnlyList<ContentTopic>? Topics,
    ulong Before,
    long HighestNumber,
    IReadOnlyList<TakenMessages> Taken
);
