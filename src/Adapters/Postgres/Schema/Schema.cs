using Marten;

namespace EventArchive.Postgres;

/// <summary>Our own tables, beside those of Marten.</summary>
public static class Schema
{
    /// <summary>Of the tables with the prefix <c>ea_</c>: they are made and compared together with Marten's.</summary>
    public static void AddTo(StoreOptions options) => options.Storage.ExtendedSchemaObjects.Add(new OwnTables());
}
