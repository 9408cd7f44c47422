using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The folds that change with the events, in one transaction, and which version of each made what the tables hold.</summary>
internal static class Folds
{
    public const string States = "Community";
    public const string Work = nameof(PendingWork);

    private static readonly (string Name, int Version)[] Known =
    [
        (States, (int)CommunitySnapshots.FoldVersion),
        (Work, PendingWork.FoldVersion),
    ];

    /// <summary>Statements that say that the tables hold what the folds of this program make.</summary>
    public static readonly string Record = $"""
        insert into ea_folds as f (name, version) values {string.Join(", ", Known.Select(fold => $"('{fold.Name}', {fold.Version})"))}
        on conflict (name) do update set version = excluded.version where f.version <> excluded.version;
        """;

    /// <returns>The names of the folds of which another version is recorded, or none.</returns>
    public static async Task<IReadOnlyList<string>> FindOthers(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await connection.Ask("select 1 where to_regclass('ea_folds') is null", cancellation) is not null)
            return [.. Known.Select(fold => fold.Name)];
        Dictionary<string, int> recorded = [];
        await using var command = new NpgsqlCommand("select name, version from ea_folds", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            recorded.Add(reader.GetString(0), reader.GetInt32(1));
        return [.. Known.Where(fold => recorded.GetValueOrDefault(fold.Name) != fold.Version).Select(fold => fold.Name)];
    }
}
