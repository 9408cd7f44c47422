using EventArchive.Handlers;
using EventArchive.Model;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>The rows of <c>ea_coverage</c>. Several nodes add to them at once.</summary>
public sealed class PostgresCoverage(NpgsqlDataSource source) : ICoverage
{
    public async Task<IReadOnlyList<TopicCoverage>> List(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select content_topic, wanted_from, heard, filled, gaps from ea_coverage where community = $1 order by content_topic"
        );
        command.Parameters.Add(new() { Value = community.ToString() });
        List<TopicCoverage> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(
                new TopicCoverage(
                    ContentTopic.FromBytes(reader.GetFieldValue<byte[]>(0)),
                    (ulong)reader.GetInt64(1),
                    Ranges(reader, 2),
                    Ranges(reader, 3),
                    Ranges(reader, 4)
                )
            );
        return rows;
    }

    public async Task Want(CommunityId community, IReadOnlyList<ContentTopic> topics, ulong from, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "insert into ea_coverage (community, content_topic, wanted_from) select $1, unnest($2), $3 on conflict do nothing"
        );
        AddTopics(command, community, topics);
        command.Parameters.Add(new() { Value = (long)from });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task Add(
        CommunityId community,
        IReadOnlyList<ContentTopic> topics,
        Coverage kind,
        TimeRanges ranges,
        CancellationToken cancellation
    )
    {
        if (ranges.IsEmpty)
            return;
        // What does not change is not written: most of what was heard is there already.
        await using var command = source.CreateCommand(
            "update ea_coverage set "
                + kind switch
                {
                    Coverage.Heard => "heard = heard + $3, gaps = gaps - $3",
                    Coverage.Filled => "filled = filled + $3, heard = heard - $3, gaps = gaps - $3",
                    _ => "gaps = gaps + $3",
                }
                + " where community = $1 and content_topic = any($2) and not "
                + (
                    kind switch
                    {
                        Coverage.Heard => "heard",
                        Coverage.Filled => "filled",
                        _ => "gaps",
                    }
                )
                + " @> $3"
        );
        AddTopics(command, community, topics);
        command.Parameters.Add(
            new()
            {
                Value = ranges.List.Select(range => new NpgsqlRange<long>((long)range.From, true, (long)range.To, false)).ToArray(),
                NpgsqlDbType = NpgsqlDbType.BigIntMultirange,
            }
        );
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void AddTopics(NpgsqlCommand command, CommunityId community, IReadOnlyList<ContentTopic> topics)
    {
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(
            new() { Value = topics.Select(topic => topic.ToBytes()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
        );
    }

    /// <summary>Ranges of whole numbers come in one form: the first is in it, the last is not.</summary>
    private static TimeRanges Ranges(NpgsqlDataReader reader, int column) =>
        TimeRanges.Of(
            reader
                .GetFieldValue<NpgsqlRange<long>[]>(column)
                .Select(range => new TimeRange((ulong)range.LowerBound, (ulong)range.UpperBound))
        );
}
