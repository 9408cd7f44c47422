using System.Collections.Concurrent;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The database goes away in the middle of the work and comes back: acknowledged is kept, and everything moves again.</summary>
public sealed class PostgresRestartTests
{
    private const int Writers = 8;
    private const int AppendsBeforeTheNextStop = 200;

    // Slow enough for the subscriptions to keep up with.
    private static readonly TimeSpan WriterPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MovesAgainWithin = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Rounds => Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 20 : 2;

    [Fact]
    public async Task After_a_fast_and_an_immediate_stop_under_load_every_subscription_moves_again_and_nothing_acknowledged_is_lost()
    {
        await using var server = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), Cancel);
        await using var database = new TestDatabase(await server.CreateDatabase(Cancel));
        await new Database(database.Source).Apply(Cancel);
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);
        var store = node.Services.GetRequiredService<IEventStore>();

        ConcurrentDictionary<Guid, CommandOutcome> acknowledged = [];
        var enabled = EventSamples.All.OfType<HistoryArchivesEnabled>().First();
        await store.Append(new Append("community-a", 0, [enabled], Guid.CreateVersion7(), "EnableHistoryArchives"), Cancel);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writers = Enumerable
            .Range(0, Writers)
            .Select(writer => Task.Run(() => Write(store, writer, acknowledged, end.Token), Cancel))
            .ToList();
        for (var round = 0; round < Rounds; round++)
        {
            var goal = acknowledged.Count + AppendsBeforeTheNextStop;
            await node.Until("the writers write", () => Task.FromResult(acknowledged.Count >= goal));
            if (round % 2 == 0)
                await server.Stop(Cancel);
            else
                await server.StopImmediate(Cancel);
            await server.Restart(Cancel);

            var atRestart = await Positions(database);
            await Deadline.Until(
                "every subscription moves on from where the restart found it",
                async () => (await Statuses(node)).All(status => status.LastSeq > atRestart.GetValueOrDefault(status.Name)),
                MovesAgainWithin,
                Cancel
            );
        }
        await end.CancelAsync();
        await Task.WhenAll(writers);
        foreach (var status in await Statuses(node))
            await node.CaughtUp(status.Name);

        var inbox = await database.Rows("select message_id, event_ids[1] from ea_inbox", Cancel);
        acknowledged.Select(one => $"{one.Key}|{one.Value.EventIds[0]}").Except(inbox).ShouldBeEmpty("what was acknowledged is stored");
        (
            await database.Scalar<long>(
                "select count(*) from mt_events where causation_id not in (select message_id::text from ea_inbox)",
                Cancel
            )
        ).ShouldBe(0);
        (await database.Scalar<long>("select count(*) - count(distinct causation_id) from mt_events", Cancel)).ShouldBe(
            0,
            "a message that was sent again after a lost answer is decided once"
        );
        // It reads the rows alone: what a writer remembered of its streams across the restarts must have been right.
        (await new StoreVerifier(database.Source).Verify(streamId: null, begin: null, progress: null, Cancel)).Whole.ShouldBeTrue(
            "every hash follows from the one before it"
        );
        node.Published.Select(e => e.Seq)
            .Distinct()
            .ShouldBe((await database.Rows("select seq_id from mt_events order by 1", Cancel)).Select(long.Parse));
    }

    /// <summary>Appends one event after another; after a failure it sends the same message again, as the bus does.</summary>
    private static async Task Write(
        IEventStore store,
        int writer,
        ConcurrentDictionary<Guid, CommandOutcome> acknowledged,
        CancellationToken end
    )
    {
        var stream = $"community-{writer}";
        for (var version = 0L; !end.IsCancellationRequested; )
        {
            var messageId = Guid.CreateVersion7();
            while (true)
            {
                try
                {
                    var append = new Append(stream, version, [EventSamples.Numbered(writer)], messageId, "Write");
                    var outcome = await store.Append(append, Cancel) switch
                    {
                        AppendResult.Appended appended => appended.Outcome,
                        AppendResult.Duplicate duplicate => duplicate.Outcome,
                        var other => throw new InvalidOperationException($"{other} for the only writer of {stream}."),
                    };
                    acknowledged[messageId] = outcome;
                    version++;
                    await Task.Delay(WriterPause, Cancel);
                    break;
                }
                catch (NpgsqlException)
                {
                    await Task.Delay(10, Cancel);
                }
            }
        }
    }

    private static async Task<Dictionary<string, long>> Positions(TestDatabase database)
    {
        while (true)
        {
            try
            {
                var rows = await database.Rows("select name, coalesce(last_seq_id, 0) from mt_event_progression", Cancel);
                return rows.Select(row => row.Split('|')).ToDictionary(row => row[0], row => long.Parse(row[1]));
            }
            catch (NpgsqlException)
            {
                // A connection of the pool that died with the server: the next one is new.
            }
        }
    }

    private static async Task<IReadOnlyList<SubscriptionStatus>> Statuses(TestNode node)
    {
        try
        {
            return await node.Services.GetRequiredService<SubscriptionHealth>().Read(Cancel);
        }
        catch (NpgsqlException)
        {
            return [new SubscriptionStatus("away", -1, null, 0, null, null, "the database is away")];
        }
    }
}
