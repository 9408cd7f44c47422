using System.Diagnostics;
using EventArchive.Projections;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class RebuildProcessTests(PostgresFixture postgres) : IDisposable
{
    /// <summary>With some 6 events each, more than two writes of the rebuild.</summary>
    private const int Episodes = 8000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-rebuild-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_whose_process_is_killed_goes_on_where_it_stood_when_the_command_is_given_again()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, Episodes), Cancel);
        var settings = new ServiceNodeSettings("rebuild", folder.FullName, database.ConnectionString, new Uri("http://127.0.0.1:9"));

        var stood = await RunAndKill(database, settings);
        var (code, output, error) = await ServiceNode.Run(settings, ["projections", "rebuild", "Timeline"], null, Cancel);

        code.ShouldBe(0, error);
        output.ShouldContain("Rebuilt: Timeline");
        stood.ShouldBeGreaterThan(0);
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel);
        (await Checkpoint(database)).ShouldBe(0, "nothing of the rebuild is left behind");
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Kills the process as soon as its first write is committed.</summary>
    /// <returns>Where its checkpoint stood then.</returns>
    private static async Task<long> RunAndKill(TestDatabase database, ServiceNodeSettings settings)
    {
        var start = new ProcessStartInfo("dotnet", [ServiceNode.Program, "projections", "rebuild", "Timeline"]);
        foreach (var (name, value) in ServiceNode.Environment(settings))
            start.Environment[name] = value;
        await using var process = ServerProcess.Start(start);
        await Deadline.Until("the rebuild has written", async () => process.HasExited || await Checkpoint(database) > 0, Limit, Cancel);
        process.HasExited.ShouldBeFalse(process.Tail);
        process.Kill();
        await process.Exit(Limit, Cancel);
        return await Checkpoint(database);
    }

    private static Task<long> Checkpoint(TestDatabase database) =>
        database.Scalar<long>("select coalesce((select last_seq_id from mt_event_progression where name = 'Timeline:rebuild'), 0)", Cancel);
}
