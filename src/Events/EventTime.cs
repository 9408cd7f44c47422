using System.Globalization;

namespace EventArchive.Events;

/// <summary>The time of an event: UTC, whole microseconds, which is what a <c>timestamptz</c> of Postgres holds.</summary>
public static class EventTime
{
    /// <summary>Of the text that <see cref="Write"/> gives.</summary>
    public const int Characters = 27;

    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>
    /// What a writer must store so that the hash of form 2 fits: digits below the microsecond are cut, while a cast in Postgres may round them.
    /// </summary>
    public static DateTimeOffset Cut(DateTimeOffset time)
    {
        var utc = time.UtcTicks;
        return new(utc - utc % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c>.</summary>
    public static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The same text as UTF-8, without an allocation.</summary>
    internal static void Write(DateTimeOffset time, Span<byte> text) =>
        _ = time.UtcDateTime.TryFormat(text, out _, Form, CultureInfo.InvariantCulture);
}
