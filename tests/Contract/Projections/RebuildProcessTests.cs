using System.Diagnostics;
using EventArchive.Projections;
using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class RebuildProcessTests(PostgresFixture postgres) : IDisposable
{
    /// <summary>With some 6 events each, many more than one write of the rebuild.</summary>
    private const int Episodes = 8000;

    /// <summary>About as long as the rebuild takes on a slow machine: the last kills meet its swap, or come too late.</summary>
    private const int LatestKillMilliseconds = 800;

    /// <summary>128 and the number of SIGKILL.</summary>
    private const int KilledCode = 137;

    private static readonly int Kills = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 20 : 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-rebuild-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_whose_process_is_killed_goes_on_where_it_stood_when_the_command_is_given_again()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, Episodes), Cancel);
        var settings = Settings(database);

        await using (await HoldTimeline(database))
            (await Kill(database, settings, async () => await Checkpoint(database) > 0)).ShouldBeTrue();
        await SessionIsOver(database);
        var stood = await Checkpoint(database);
        var (code, output, error) = await ServiceNode.Run(settings, ["projections", "rebuild", "Timeline"], null, Cancel);

        code.ShouldBe(0, error);
        output.ShouldContain("Rebuilt: Timeline");
        stood.ShouldBeGreaterThan(0);
        error.ShouldContain($"Timeline: goes on behind event {stood:N0} of ");
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel);
        (await Checkpoint(database)).ShouldBe(-1, "nothing of the rebuild is left behind");
    }

    [Fact]
    public async Task A_rebuild_whose_process_is_killed_at_random_moments_ends_equal_to_a_fresh_fold()
    {
        await using var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, Episodes), Cancel);
        var settings = Settings(database);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);

        for (var killed = 0; killed < Kills; )
        {
            // One that comes to its end before its kill does not count; the next begins anew.
            var delay = random.Next(LatestKillMilliseconds);
            if (
                await Kill(
                    database,
                    settings,
                    async () =>
                    {
                        if (await Checkpoint(database) < 0)
                            return false;
                        await Task.Delay(delay, Cancel);
                        return true;
                    }
                )
            )
                killed++;
        }
        var (code, _, error) = await ServiceNode.Run(settings, ["projections", "rebuild", "Timeline"], null, Cancel);

        code.ShouldBe(0, error);
        await database.ShouldBeFolded(AllProjections.Timeline, Cancel);
        (await database.Rows("select tablename from pg_tables where tablename like 'ea_timeline%'", Cancel)).ShouldBe(["ea_timeline"]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private ServiceNodeSettings Settings(TestDatabase database) =>
        new("rebuild", folder.FullName, database.ConnectionString, new Uri("http://127.0.0.1:9"));

    /// <summary>Starts the rebuild of the timeline and kills its process at the given moment.</summary>
    /// <returns>False: it was done before.</returns>
    private static async Task<bool> Kill(TestDatabase database, ServiceNodeSettings settings, Func<Task<bool>> moment)
    {
        var start = new ProcessStartInfo("dotnet", [ServiceNode.Program, "projections", "rebuild", "Timeline"]);
        foreach (var (name, value) in ServiceNode.Environment(settings))
            start.Environment[name] = value;
        await using var process = ServerProcess.Start(start);
        await Deadline.Until("the moment has come", async () => process.HasExited || await moment(), Limit, Cancel);
        process.Kill();
        var code = await process.Exit(Limit, Cancel);
        code.ShouldBeOneOf(0, KilledCode);
        return code == KilledCode;
    }

    /// <summary>As a reader does: until it is disposed of no rebuild comes to its swap, however late the kill is.</summary>
    private static async Task<NpgsqlConnection> HoldTimeline(TestDatabase database)
    {
        var holder = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync(Cancel);
        await using var hold = new NpgsqlCommand(
            "begin; set local idle_in_transaction_session_timeout = 0; lock table ea_timeline in access share mode",
            holder
        );
        await hold.ExecuteNonQueryAsync(Cancel);
        return holder;
    }

    /// <summary>The server still does what the killed process sent, a commit too; its lock is free after that.</summary>
    private static Task SessionIsOver(TestDatabase database) =>
        database.Run("select pg_advisory_xact_lock(x'45417262'::int, hashtext('Timeline'))", Cancel);

    /// <returns>-1: no rebuild has begun.</returns>
    private static Task<long> Checkpoint(TestDatabase database) =>
        database.Scalar<long>(
            "select coalesce((select last_seq_id from mt_event_progression where name = 'Timeline:rebuild'), -1)",
            Cancel
        );
}
