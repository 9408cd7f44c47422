using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>Coverage for unit tests: nothing survives the process.</summary>
public sealed class InMemoryCoverage : ICoverage
{
    private readonly Lock gate = new();
    private readonly Dictionary<(CommunityId, ContentTopic), TopicCoverage> rows = [];

    public Task<IReadOnlyList<TopicCoverage>> List(CommunityId community, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
            return Task.FromResult<IReadOnlyList<TopicCoverage>>([
                .. rows.Where(row => row.Key.Item1 == community)
                    .Select(row => row.Value)
                    .OrderBy(row => row.ContentTopic.ToString(), StringComparer.Ordinal),
            ]);
    }

    public Task Want(CommunityId community, IReadOnlyList<ContentTopic> topics, ulong from, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            foreach (var topic in topics)
                rows.TryAdd((community, topic), TopicCoverage.Wanted(topic, from));
        }
        return Task.CompletedTask;
    }

    public Task Add(
        CommunityId community,
        IReadOnlyList<ContentTopic> topics,
        Coverage kind,
        TimeRanges ranges,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            foreach (var topic in topics)
            {
                if (rows.TryGetValue((community, topic), out var row))
                    rows[(community, topic)] = row.With(kind, ranges);
            }
        }
        return Task.CompletedTask;
    }
}
