namespace EventArchive.Postgres;

/// <summary>The database has another schema version than this program, which therefore has written nothing. The message says what to do.</summary>
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
                : $"The database has schema version {found}, and this program needs version {known}. Run eventarchive db apply first; "
                    + "serve migrates it too."
        );
}
