using System.Globalization;
using System.Text;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Postgres;

/// <summary>
/// Conditions on <c>ea_messages</c> as text: COPY takes no parameters, and a plan made for the very months leaves the other partitions out.
/// Only numbers and hexadecimal digits go in.
/// </summary>
internal static class MessageSql
{
    /// <param name="topics">Null: every topic.</param>
    /// <param name="from">Unix seconds.</param>
    /// <param name="to">Unix seconds, not included.</param>
    public static string Window(int community, IReadOnlyList<ContentTopic>? topics, ulong from, ulong to, long highestNumber)
    {
        var (first, last) = MessageMonth.Between(from, to);
        var sql = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"community = {community} and timestamp >= {Second(from)} and timestamp < {Second(to)} and number <= {highestNumber}"
        );
        // From the beginning of time there is hardly a partition to leave out, and without the month an index alone tells what is late.
        if (from > 0)
            sql.Append(CultureInfo.InvariantCulture, $" and (month between {first} and {last} or month = {MessageMonth.Other})");
        if (topics is not null)
            sql.Append(" and ").Append(On(topics));
        return sql.ToString();
    }

    public static string Late(int community, LateMessages late, ulong from, ulong to)
    {
        var sql = new StringBuilder(Window(community, late.Topics, from, Math.Min(to, late.Before), late.HighestNumber)).Append(
            CultureInfo.InvariantCulture,
            $" and number > {TakenOfAll(late)} and not imported"
        );
        foreach (var taken in late.Taken)
            sql.Append(
                CultureInfo.InvariantCulture,
                $" and not (timestamp >= {Second(taken.From)} and timestamp < {Second(taken.To)} and number <= {taken.HighestNumber} and {On(taken.ContentTopics)})"
            );
        return sql.ToString();
    }

    /// <summary>
    /// No message up to this number is late. It follows from the rest of the condition, and tells the planner that only what was recorded since
    /// the last cut has to be looked at.
    /// </summary>
    private static long TakenOfAll(LateMessages late) =>
        late.Topics is { Count: > 0 } topics ? topics.Min(topic => TakenOf(topic, late)) : 0;

    private static long TakenOf(ContentTopic topic, LateMessages late)
    {
        var (until, number) = (0UL, long.MaxValue);
        foreach (var taken in late.Taken.Where(taken => taken.ContentTopics.Contains(topic)).OrderBy(taken => taken.From))
        {
            if (taken.From > until)
                break;
            until = Math.Max(until, taken.To);
            number = Math.Min(number, taken.HighestNumber);
        }
        return until >= late.Before ? number : 0;
    }

    private static string On(IReadOnlyList<ContentTopic> topics) =>
        topics.Count == 0
            ? "false"
            : $"content_topic in ({string.Join(", ", topics.Select(topic => $@"'\x{topic.ToString().AsSpan(2)}'"))})";

    private static long Second(ulong second) => (long)Math.Min(second, long.MaxValue);
}
