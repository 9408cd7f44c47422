using EventArchive.EventStore;

namespace EventArchive.Handlers;

/// <summary>What one append may hold. Checked before anything is sent, so that a number of the store is never wasted on a refusal.</summary>
public static class AppendLimits
{
    /// <summary>Decisions give a handful of events; a thousand is a mistake.</summary>
    public const int MaxEvents = 1000;

    /// <summary>Bytes of one event's JSON: room for some 60,000 archive entries, far below jsonb's own 255 MB.</summary>
    public const int MaxEventBytes = 16 * 1024 * 1024;

    public const int MaxStreamIdCharacters = 256;

    /// <summary>A stream id is of visible ASCII characters, with nothing between them: what looks the same is the same.</summary>
    public const char FirstStreamIdCharacter = '!';
    public const char LastStreamIdCharacter = '~';

    public const int MaxCommandCharacters = 256;
    public const int MaxReasonCharacters = 8192;

    /// <summary>The events' bodies, in their order, when all limits are kept.</summary>
    /// <exception cref="ArgumentException">A limit is exceeded, a text cannot be stored, or a refusal has events.</exception>
    public static byte[][] Check(Append append)
    {
        if (append.ExpectedVersion < 0)
            throw new ArgumentException($"An expected version is 0 or more, not {append.ExpectedVersion}.");
        if (append.MessageId == Guid.Empty)
            throw new ArgumentException("An append needs the command's message id.");
        if (append.Refusal is not null && append.Events.Count > 0)
            throw new ArgumentException("A refused command has no events.");
        if (append.Events.Count > MaxEvents)
            throw new ArgumentException($"An append holds at most {MaxEvents} events, not {append.Events.Count}. Decide in smaller steps.");
        if (append.Events.OfType<Events.ISupersededEvent>().FirstOrDefault() is { } past)
            throw new ArgumentException(
                $"{past.GetType().Name} is a form of the past, kept to read what is stored. Append {Events.ISupersededEvent.Newest(past).GetType().Name}."
            );
        // A command that names no community has no stream, and is refused.
        if (append.Refusal is null || append.StreamId.Length > 0)
            CheckStreamId(append.StreamId);
        CheckText("A command's name", append.Command, MaxCommandCharacters);
        if (append.Refusal is { } refusal)
        {
            CheckText("A refusal's code", refusal.Code, MaxReasonCharacters);
            CheckText("A refusal's reason", refusal.Reason, MaxReasonCharacters);
        }
        var bodies = new byte[append.Events.Count][];
        for (var at = 0; at < bodies.Length; at++)
            bodies[at] = Body(append.Events[at]);
        return bodies;
    }

    private static byte[] Body(Events.IEvent @event)
    {
        var json = EventJson.WriteBytes(@event);
        return json.Length <= MaxEventBytes
            ? json
            : throw new ArgumentException($"{@event.GetType().Name} takes {json.Length} bytes; an event has at most {MaxEventBytes}.");
    }

    private static void CheckStreamId(string streamId)
    {
        CheckText("A stream id", streamId, MaxStreamIdCharacters);
        var at = streamId.AsSpan().IndexOfAnyExceptInRange(FirstStreamIdCharacter, LastStreamIdCharacter);
        if (at >= 0)
            throw new ArgumentException(
                $"A stream id is of visible ASCII characters without blanks, like community-0x02ab; at position {at} stands U+{(int)streamId[at]:X4}."
            );
    }

    private static void CheckText(string what, string text, int maxCharacters)
    {
        if (text.Length is 0 || text.Length > maxCharacters)
            throw new ArgumentException($"{what} has 1 to {maxCharacters} characters, not {text.Length}.");
        _ = StorableText.Check(text);
    }
}
