using System.Text.RegularExpressions;
using JasperFx;
using Marten;
using Npgsql;
using Weasel.Core;

namespace EventArchive.Postgres;

/// <summary>How a database differs from what the store expects, and the SQL that changes it.</summary>
internal sealed partial class SchemaChange
{
    private readonly SchemaMigration migration;
    private readonly Migrator migrator;

    private SchemaChange(SchemaMigration migration, Migrator migrator) => (this.migration, this.migrator) = (migration, migrator);

    /// <summary>One line each; none: the database is as expected.</summary>
    public IReadOnlyList<string> Differences =>
        [.. migration.Deltas.Where(delta => delta.Difference != SchemaPatchDifference.None).SelectMany(LinesOf)];

    /// <summary>Statements of <see cref="Sql"/> that take something away. Functions are made anew and not counted.</summary>
    public IReadOnlyList<string> Drops => [.. DropStatement().Matches(Sql).Select(match => OneLine(match.Value))];

    /// <exception cref="InvalidOperationException">A difference cannot be changed without losing a table.</exception>
    public string Sql
    {
        get
        {
            using var writer = new StringWriter();
            try
            {
                migration.WriteAllUpdates(writer, migrator, AutoCreate.CreateOrUpdate);
            }
            catch (SchemaMigrationException error)
            {
                throw new InvalidOperationException(
                    $"The tables cannot be changed to what this program expects: {OneLine(error.Message)} See eventarchive db assert, and change "
                        + "them by hand.",
                    error
                );
            }
            return writer.ToString();
        }
    }

    /// <summary>In the transaction of the connection, if it has one.</summary>
    /// <exception cref="InvalidOperationException">The tables are not this user's.</exception>
    public static async Task<SchemaChange> Find(IDocumentStore store, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await RequireOwner(connection, cancellation);
        var migrator = MigratorOf(store);
        return new(await SchemaMigration.DetermineAsync(connection, migrator, cancellation, [.. store.Storage.AllObjects()]), migrator);
    }

    /// <summary>What makes all of it in an empty database.</summary>
    public static string Create(IDocumentStore store)
    {
        var migrator = MigratorOf(store);
        using var writer = new StringWriter();
        foreach (var schemaObject in store.Storage.AllObjects())
            schemaObject.WriteCreateStatement(migrator, writer);
        return writer.ToString();
    }

    /// <summary>The catalog shows keys to owners alone: to others each would seem to be missing.</summary>
    private static async Task RequireOwner(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select format('%s, of which %s is no member', tableowner, current_user)
            from pg_tables
            where schemaname = 'public' and tablename in ('ea_schema', 'mt_events') and not pg_has_role(tableowner, 'usage')
            limit 1
            """,
            connection
        );
        if (await command.ExecuteScalarAsync(cancellation) is string owner)
            throw new InvalidOperationException(
                $"The tables belong to the role {owner}, and only an owner sees all of them. Run eventarchive db as that role."
            );
    }

    private static Migrator MigratorOf(IDocumentStore store) => store.Storage.Database.Migrator;

    private IEnumerable<string> LinesOf(ISchemaObjectDelta delta)
    {
        if (delta is OwnTablesDelta own)
            return own.Differences;
        var name = delta.SchemaObject.Identifier;
        if (delta.Difference != SchemaPatchDifference.Update || delta.SchemaObject is Weasel.Postgresql.Functions.Function)
            return [$"{(delta.Difference == SchemaPatchDifference.Create ? "missing" : "different")}: {name}"];
        using var writer = new StringWriter();
        delta.WriteUpdate(migrator, writer);
        return writer.ToString().Split(';').Select(OneLine).Where(line => line.Length > 0).Select(line => $"different: {name}: {line}");
    }

    private static string OneLine(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex(@"^\s*(drop\s+(?!function)|alter\s+table\s+\S+\s+drop\s+)[^;]*", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex DropStatement();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
