using System.Data.Common;
using Weasel.Core;
using Weasel.Postgresql;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace EventArchive.Postgres;

/// <summary>
/// All tables and functions of ours as one object of the store's schema. Its scripts make what is missing and renew the functions; they drop
/// nothing, so a messages partition or an unknown column stays.
/// </summary>
internal sealed class OwnTables : ISchemaObject
{
    private static readonly string[] Scripts =
    [
        "ea_messages",
        "ea_coverage",
        "ea_channel_keys",
        "ea_topic_keys",
        "ea_pending_work",
        "ea_nodes",
        "ea_skipped_events",
        "ea_projection_failures",
        "ea_community_keys",
        "ea_ratchet_keys",
        "ea_signing_keys",
        "ea_key_ring",
        "ea_api_keys",
        "ea_signed_heads",
        "ea_schema",
        "ea_folds",
    ];

    public DbObjectName Identifier { get; } = new PostgresqlObjectName("public", "ea_schema", SchemaUtils.IdentifierUsage.General);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        foreach (var script in Scripts)
            writer.WriteLine(Sql.Read(script));
    }

    /// <summary>For tools that empty a database.</summary>
    public void WriteDropStatement(Migrator rules, TextWriter writer)
    {
        foreach (var script in Scripts.Reverse())
            writer.WriteLine($"drop table if exists {script} cascade;");
    }

    public void ConfigureQueryCommand(DbCommandBuilder builder) => builder.Append(Sql.Read("describe_schema"));

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default) =>
        new OwnTablesDelta(this, SchemaDescription.Compare(SchemaDescription.Expected, await SchemaDescription.Read(reader, ct)));

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}

/// <param name="Differences">One line each.</param>
internal sealed record OwnTablesDelta(OwnTables Tables, IReadOnlyList<string> Differences) : ISchemaObjectDelta
{
    public ISchemaObject SchemaObject => Tables;

    public SchemaPatchDifference Difference => Differences.Count == 0 ? SchemaPatchDifference.None : SchemaPatchDifference.Update;

    public void WriteUpdate(Migrator rules, TextWriter writer) => Tables.WriteCreateStatement(rules, writer);

    public void WriteRollback(Migrator rules, TextWriter writer) { }

    public void WriteRestorationOfPreviousState(Migrator rules, TextWriter writer) { }
}
