using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>The logical time of a magnetlink message, Unix milliseconds. A community's clock only rises.</summary>
[JsonConverter(typeof(ClockConverter))]
public readonly record struct Clock(ulong Milliseconds) : IComparable<Clock>
{
    public static readonly Clock Zero = new(0);

    /// <summary>The next clock to announce: now, or one more than the highest one known, whatever this machine's clock says.</summary>
    public static Clock After(Clock highestKnown, DateTimeOffset now) =>
        new(Math.Max((ulong)Math.Max(0, now.ToUnixTimeMilliseconds()), checked(highestKnown.Milliseconds + 1)));

    public int CompareTo(Clock other) => Milliseconds.CompareTo(other.Milliseconds);

    public static bool operator <(Clock left, Clock right) => left.Milliseconds < right.Milliseconds;

    public static bool operator >(Clock left, Clock right) => left.Milliseconds > right.Milliseconds;

    public static bool operator <=(Clock left, Clock right) => left.Milliseconds <= right.Milliseconds;

    public static bool operator >=(Clock left, Clock right) => left.Milliseconds >= right.Milliseconds;

    public override string ToString() => Milliseconds.ToString();
}

/// <summary>A clock is a JSON number.</summary>
public sealed class ClockConverter : JsonConverter<Clock>
{
    public override Clock Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var clock)
            ? new Clock(clock)
            : throw new JsonException("A clock is a whole number of milliseconds, 0 to 2^64-1.");

    public override void Write(Utf8JsonWriter writer, Clock value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Milliseconds);
}
