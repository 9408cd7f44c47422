namespace EventArchive.Postgres;

/// <summary>
/// The partition of <c>ea_messages</c> that a message is recorded in: year * 100 + month of its timestamp in UTC. Timestamps are a stranger's,
/// so times out of all reason share one partition: else every message could make a new one, and each costs files and planning time for ever.
/// </summary>
internal static class MessageMonth
{
    /// <summary>The partition of all other times.</summary>
    public const int Other = 0;

    /// <summary>The first month with a partition of its own: Ethereum, from whose messenger Status grew, is of 2015.</summary>
    public const int First = 201501;

    private const long FirstSecond = 1_420_070_400;

    /// <summary>Clocks go wrong by minutes and time zones. What is further ahead is no clock, and must not make the partitions of years to come.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    public static int Of(ulong timestamp, DateTimeOffset now) =>
        timestamp >= FirstSecond && timestamp < (ulong)now.Add(MaxAhead).ToUnixTimeSeconds() ? OfSecond((long)timestamp) : Other;

    /// <summary>The months that may hold messages of [from, to), beside <see cref="Other"/>.</summary>
    public static (int First, int Last) Between(ulong from, ulong to) => (MonthOf(from), to == 0 ? First : MonthOf(to - 1));

    /// <summary>The second at which the month of that moment begins.</summary>
    public static ulong BeginOf(DateTimeOffset moment) =>
        (ulong)
            Math.Max(
                0,
                new DateTimeOffset(moment.UtcDateTime.Year, moment.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()
            );

    /// <summary>The first second after the month.</summary>
    public static ulong EndOf(int month) =>
        (ulong)new DateTimeOffset(month / 100, month % 100, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1).ToUnixTimeSeconds();

    private static int MonthOf(ulong second) =>
        OfSecond((long)Math.Clamp(second, FirstSecond, (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private static int OfSecond(long second)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(second);
        return (time.Year * 100) + time.Month;
    }
}
