namespace EventArchive.Postgres;

/// <summary>The change takes something away or has no way back, and nobody agreed to it yet. Nothing was changed.</summary>
/// <param name="what">Sentences that say what would happen.</param>
public sealed class ApplyNotAgreedException(string what)
    : InvalidOperationException($"{what} Nothing was changed: to go on, run db apply --yes.")
{
    /// <summary>Sentences that say what would happen.</summary>
    public string What { get; } = what;
}
