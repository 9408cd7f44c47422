namespace EventArchive.Postgres;

/// <summary>The database has another schema version than this program, or was folded otherwise; this program therefore has written nothing. The message says what to do.</summary>
public sealed class SchemaVersionException : InvalidOperationException
{
    private SchemaVersionException(string message)
        : base(message) { }

    internal static SchemaVersionException Newer(int found, int known) =>
        new(
            $"The database has schema version {found}, and this program knows version {known}: a newer release made or migrated it. "
                + $"Run that release or a newer one, or name another database in Postgres:ConnectionString."
        );

    internal static SchemaVersionException Older(int found, int known) =>
        new(
            found == 0
                ? "The database has no tables of this program yet. Run eventarchive db apply first; serve makes them too."
                : $"The database has schema version {found}, and this program needs version {known}. Stop all nodes, take a backup, and run "
                    + "eventarchive db apply."
        );

    /// <param name="folds">Names of the folds whose version is another one.</param>
    internal static SchemaVersionException OtherFold(IEnumerable<string> folds) =>
        new(
            $"What the database holds of {string.Join(" and ", folds)} was folded from the events by another release. Run eventarchive db apply "
                + "with all nodes stopped, which folds it anew."
        );

    internal static SchemaVersionException TooOld(int found, int known) =>
        new(
            $"The database has schema version {found}, and this program migrates version {known - 1} only. Run db apply of the release before "
                + "this one first."
        );
}
