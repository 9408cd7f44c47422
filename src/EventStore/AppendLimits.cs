using EventArchive.Events;

namespace EventArchive.EventStore;

/// <summary>What one append may hold. Checked before anything is sent, so that a number of the store is never wasted on a refusal.</summary>
public static class AppendLimits
{
    /// <summary>Decisions give a handful of events; a thousand is a mistake.</summary>
    public const int MaxEvents = 1000;

    /// <summary>Bytes of one event's JSON: room for some 60,000 archive entries, far below jsonb's own 255 MB.</summary>
    public const int MaxEventBytes = 16 * 1024 * 1024;

    public const int MaxReasonCharacters = 8192;

    /// <summary>The events' bodies, in their order, when all limits are kept.</summary>
    /// <exception cref="ArgumentException">A limit is exceeded, or a text cannot be stored.</exception>
    public static byte[][] Check(IReadOnlyList<IEvent> events)
    {
        if (events.Count > MaxEvents)
            throw new ArgumentException($"An append holds at most {MaxEvents} events, not {events.Count}. Decide in smaller steps.");
        if (events.OfType<ISupersededEvent>().FirstOrDefault() is { } past)
            throw new ArgumentException(
                $"{past.GetType().Name} is a form of the past, kept to read what is stored. Append {ISupersededEvent.Newest(past).GetType().Name}."
            );
        return [.. events.Select(Body)];
    }

    /// <exception cref="ArgumentException">A limit is exceeded, or a text cannot be stored.</exception>
    public static void Check(CommandOutcome outcome)
    {
        if (outcome.MessageId == Guid.Empty)
            throw new ArgumentException("A command needs a message id.");
        if (outcome.Refusal is not { } refusal)
            return;
        if (outcome.EventIds.Count > 0)
            throw new ArgumentException("A refused command has no events.");
        CheckText("A refusal's code", refusal.Code);
        CheckText("A refusal's reason", refusal.Reason);
    }

    private static byte[] Body(IEvent @event)
    {
        var json = EventJson.WriteBytes(@event);
        return json.Length <= MaxEventBytes
            ? json
            : throw new ArgumentException($"{@event.GetType().Name} takes {json.Length} bytes; an event has at most {MaxEventBytes}.");
    }

    private static void CheckText(string what, string text)
    {
        if (text.Length is 0 or > MaxReasonCharacters)
            throw new ArgumentException($"{what} has 1 to {MaxReasonCharacters} characters, not {text.Length}.");
        _ = StorableText.Check(text);
    }
}
