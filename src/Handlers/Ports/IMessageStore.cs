using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>The recorded messages of communities. Each gets a number, rising in commit order, so that "up to number n" is a fixed set.</summary>
public interface IMessageStore
{
    /// <summary>Stores messages, each hash once for each community. All or none.</summary>
    /// <returns>How many were new.</returns>
    Task<long> Record(CommunityId community, IReadOnlyList<ArchivedMessage> messages, CancellationToken cancellation);

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

    Task<long> Count(CommunityId community, CancellationToken cancellation);
}

/// <param name="OldestTimestamp">Unix seconds.</param>
public sealed record RecordedRange(ulong OldestTimestamp, long HighestNumber);
