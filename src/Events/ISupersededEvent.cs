namespace EventArchive.Events;

/// <summary>
/// A form that is no longer written, kept to read what is stored. It keeps its record and its stored name, so that a name stands for one
/// shape for ever, and stands in the file of its successor. A field that may be missing needs no new form: it is an optional parameter.
/// </summary>
public interface ISupersededEvent : IEvent
{
    /// <summary>More forms of one fact than will ever be.</summary>
    private const int MaxForms = 64;

    /// <summary>The same fact in the next form. It holds all that this one holds, and invents nothing.</summary>
    IEvent Upcast();

    /// <summary>The event itself, or what it has become when its form is superseded.</summary>
    /// <exception cref="InvalidOperationException">The forms lead in a circle.</exception>
    static IEvent Newest(IEvent @event)
    {
        var newest = @event;
        for (var form = 0; newest is ISupersededEvent superseded; form++)
            newest =
                form < MaxForms
                    ? superseded.Upcast()
                    : throw new InvalidOperationException($"{@event.GetType().Name} is never brought to a form that is written.");
        return newest;
    }
}
