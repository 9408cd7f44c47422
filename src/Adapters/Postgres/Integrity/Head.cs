using System.Globalization;
using System.Text.Json;

namespace EventArchive.Postgres;

/// <summary>All events up to one position, in five values (docs/integrity.md).</summary>
/// <param name="Seq">Highest seq_id; 0 of a store without an event.</param>
/// <param name="Time">The column timestamp of that event, to the microsecond; null of a store without an event.</param>
/// <param name="Streams">Streams with at least one event up to there.</param>
/// <param name="Root">Merkle root over all streams, 64 lower-case hexadecimal digits.</param>
public sealed record Head(long Seq, DateTimeOffset? Time, long Events, long Streams, string Root)
{
    /// <summary>Stands in every head, so that a later form cannot be taken for this one.</summary>
    public const string Format = "eventarchive-head-1";

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    internal string ToJson() =>
        JsonSerializer.Serialize(
            new
            {
                events = Events,
                format = Format,
                root = Root,
                seq = Seq,
                streams = Streams,
                time = Time?.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture),
            }
        );

    /// <exception cref="FormatException">It is no head of this form.</exception>
    internal static Head Read(JsonElement json)
    {
        try
        {
            if (json.GetProperty("format").GetString() != Format)
                throw new FormatException($"The head is not of the form {Format}: check it with the version that knows its form.");
            var time = json.GetProperty("time").GetString();
            return new Head(
                json.GetProperty("seq").GetInt64(),
                time is null
                    ? null
                    : DateTimeOffset.ParseExact(
                        time,
                        TimeForm,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
                    ),
                json.GetProperty("events").GetInt64(),
                json.GetProperty("streams").GetInt64(),
                json.GetProperty("root").GetString() ?? ""
            );
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(
                "The head lacks one of events, format, root, seq, streams and time, or it is of another kind.",
                fault
            );
        }
    }
}
