using EventArchive.Postgres;
using EventArchive.Projections;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ProjectionPropertyTests(PostgresFixture postgres)
{
    private const int LongestHistory = 60;
    private static readonly int Histories = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 300 : 25;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_the_fold_of_the_events_whatever_the_history_and_the_batches()
    {
        await using var database = await postgres.Create(Cancel);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories).WithEndSize(LongestHistory),
            Prop.ForAll<int[], int[]>((choices, limits) => Holds(database, choices, limits).GetAwaiter().GetResult())
        );
    }

    private static async Task Holds(TestDatabase database, int[] choices, int[] limits)
    {
        await database.Run(
            "truncate mt_streams, mt_events, mt_event_progression, ea_magnetlink_clocks, ea_communities, ea_archives, ea_seeding, ea_downloads, ea_timeline, ea_schedule",
            Cancel
        );
        await StoredHistory.Fill(database, [0, .. choices], Cancel);
        foreach (var projection in AllProjections.List)
        {
            var batch = new SubscriptionBatch(new ProjectionHandler(projection), database.Source);
            var turn = Turn.More;
            for (var n = 0; turn != Turn.CaughtUp; n++)
            {
                turn = await batch.Handle(
                    1 + (limits.Length == 0 ? 4 : Math.Abs(limits[n % limits.Length] % 20)),
                    despiteFault: false,
                    Cancel
                );
                turn.ShouldNotBe(Turn.NotOurs);
            }
            await database.ShouldBeFolded(projection, Cancel);
        }
    }
}
