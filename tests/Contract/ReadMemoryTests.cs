using EventArchive.EventStore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>A read holds a few pages of events, however many there are.</summary>
public sealed class ReadMemoryTests(PostgresFixture postgres)
{
    private const int Events = 40_000;
    private const int Middle = 10_000;

    /// <summary>More than a read has in memory at a time.</summary>
    private const int Few = 4000;

    private const int WatchEvery = 100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_of_all_events_fetches_few_ahead_and_keeps_none_behind()
    {
        await using var database = await postgres.Create(Cancel);
        await using var services = TestStores.Of(database);
        await services.GetRequiredService<CommunityStore>().Store([EventSamples.Numbered(1)], Cancel);
        await database.Run(
            "insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) "
                + $"select n, gen_random_uuid(), stream_id, n, data, type, timestamp from mt_events, generate_series(2, {Events}) n",
            Cancel
        );

        var count = 0;
        List<WeakReference> read = [];
        await foreach (var recorded in services.GetRequiredService<EventReader>().Read(new EventQuery(BeyondMark: true), Cancel))
        {
            count++;
            if (count % WatchEvery == 0)
                read.Add(new WeakReference(recorded));
            if (count != Middle)
                continue;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            read.Count(one => one.IsAlive).ShouldBeLessThan(Few / WatchEvery, "what was read is free to go");
            // What the reader has fetched already comes all the same.
            await database.Run($"delete from mt_events where seq_id > {Middle + Few}", Cancel);
        }

        count.ShouldBe(Middle + Few, "nothing that lies further ahead was fetched");
    }
}
