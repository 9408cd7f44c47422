using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Projections;

/// <summary>
/// One question about the events, and its answer: rows that are folded from them in their order. A fold is pure, so the rows may be dropped
/// and folded anew at any time.
/// </summary>
public abstract class Projection
{
    /// <summary>After a community's id in a key, before what tells its rows apart; a community's rows are one range of keys.</summary>
    public const char Separator = '/';

    private protected Projection() { }

    /// <summary>Its name wherever one is asked for, and that of its checkpoint. Stored: a rename folds everything anew.</summary>
    public abstract string Name { get; }

    public abstract Type RowType { get; }

    /// <summary>Whether each event makes one row and none is ever changed, so that no row need be read first.</summary>
    public virtual bool RowPerEvent => false;

    /// <summary>The events that may change a row; null: every one. The bodies of others need not be read.</summary>
    public virtual IReadOnlySet<Type>? About => null;

    /// <summary>The rows that an event makes or changes, each once: the community's id, or that and more behind a <see cref="Separator"/>.</summary>
    public abstract IReadOnlyList<string> KeysOf(RecordedEvent recorded);

    /// <summary>The next state of one row.</summary>
    /// <param name="row">Null: there is none yet.</param>
    /// <returns>Null only when there was no row and the event makes none.</returns>
    /// <exception cref="InvalidOperationException">The event cannot follow what came before it.</exception>
    public abstract object? ApplyTo(object? row, RecordedEvent recorded, string key);

    protected static string Key(CommunityId community, object part) => $"{community}{Separator}{part}";
}

/// <inheritdoc/>
public abstract class Projection<TRow> : Projection
    where TRow : class
{
    public sealed override Type RowType => typeof(TRow);

    public sealed override object? ApplyTo(object? row, RecordedEvent recorded, string key) => Apply((TRow?)row, recorded, key);

    /// <inheritdoc cref="Projection.ApplyTo"/>
    public abstract TRow? Apply(TRow? row, RecordedEvent recorded, string key);

    /// <summary>The row that an earlier event must have made.</summary>
    /// <exception cref="InvalidOperationException">There is none: the history is not one that our rules make.</exception>
    protected static TRow Known(TRow? row, RecordedEvent recorded, string maker) =>
        row
        ?? throw new InvalidOperationException(
            $"{recorded.Event.GetType().Name} stands in the stream of {recorded.Event.CommunityId} without a {maker} before it."
        );
}
