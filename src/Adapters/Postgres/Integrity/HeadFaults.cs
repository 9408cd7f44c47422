namespace EventArchive.Postgres;

/// <summary>What a head and the store say differently, in sentences.</summary>
internal static class HeadFaults
{
    /// <param name="signed">Whether the signature fits.</param>
    /// <param name="now">What the store holds up to the head's position.</param>
    /// <param name="time">Of the event at the head's position; null if there is none.</param>
    /// <param name="events">What the walk found.</param>
    public static IEnumerable<string> Of(Head head, bool signed, HeadTally now, DateTimeOffset? time, VerifyReport events)
    {
        if (!signed)
        {
            yield return "the signature does not fit: the head was changed, or another key signed it.";
            yield break;
        }
        if (head.Seq > 0 && time is null)
            yield return $"truncated: the event with seq_id {head.Seq} is not there any more.";
        else if (time != head.Time)
            yield return $"changed: the event with seq_id {head.Seq} was stored at {head.Time:O} and now says {time:O}.";
        if (now.Events < head.Events)
            yield return $"truncated: {head.Events - now.Events} of {head.Events} events are missing.";
        else if (now.Events > head.Events)
            yield return $"changed: {now.Events - head.Events} events were put in.";
        else if (now.Streams != head.Streams)
            yield return $"changed: the events are in {now.Streams} streams, not in {head.Streams}.";
        else if (now.Root != head.Root)
            yield return events.Broken.Any(fault => fault.What is Break.Order)
                ? "reordered: the events stand in another order."
                : "changed: an event was changed, or a stream was written anew with new hashes.";
    }
}
