using EventArchive.Events;

namespace EventArchive.Projections;

/// <summary>Rows of one projection in memory, with a mark on those that events have changed.</summary>
public sealed class FoldedRows(Projection projection)
{
    private readonly Dictionary<string, object?> rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> changed = new(StringComparer.Ordinal);

    public int Count => rows.Count;

    /// <summary>Rows that differ from what was loaded.</summary>
    public IReadOnlyCollection<string> Changed => changed;

    public IEnumerable<KeyValuePair<string, object?>> All => rows;

    public object? this[string key] => rows.GetValueOrDefault(key);

    public bool Holds(string key) => rows.ContainsKey(key);

    /// <param name="row">Null: it is known that there is none.</param>
    public void Load(string key, object? row) => rows[key] = row;

    /// <summary>Folds an event into all its rows, or into none.</summary>
    /// <exception cref="InvalidOperationException">The event cannot follow what came before it.</exception>
    public void Fold(RecordedEvent recorded)
    {
        var keys = projection.KeysOf(recorded);
        var next = new object?[keys.Count];
        for (var at = 0; at < next.Length; at++)
            next[at] = projection.ApplyTo(rows.GetValueOrDefault(keys[at]), recorded, keys[at]);
        for (var at = 0; at < next.Length; at++)
        {
            if (next[at] is not { } row || ReferenceEquals(row, rows.GetValueOrDefault(keys[at])))
                continue;
            rows[keys[at]] = row;
            changed.Add(keys[at]);
        }
    }

    /// <summary>What was changed is written.</summary>
    public void Accept() => changed.Clear();

    public void Clear()
    {
        rows.Clear();
        changed.Clear();
    }
}
