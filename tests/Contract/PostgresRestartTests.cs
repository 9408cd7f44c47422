using System.Collections.Concurrent;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
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

    /// <summary>A writer waits for the publisher when that is so far behind: a stop is to meet both at work.</summary>
    private const int MostAhead = 400;

    private static readonly TimeSpan MovesAgainWithin = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Rounds => Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 20 : 2;

    [Fact]
    public async Task After_a_fast_and_an_immediate_stop_under_load_every_projection_moves_again_and_nothing_acknowledged_is_lost()
    {
        await using var server = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), Cancel);
        await using var database = new TestDatabase(await server.CreateDatabase(Cancel));
        await Database.Of(database.Source).Apply(agreed: false, Cancel);
        await using var node = await TestNode.Start(database, Cancel, ownsDatabase: false);

        ConcurrentDictionary<Guid, CommandOutcome> acknowledged = [];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writers = Enumerable
            .Range(0, Writers)
            .Select(writer => Task.Run(() => Write(node, writer, acknowledged, end.Token), Cancel))
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

            Dictionary<string, long> atRestart = [];
            await node.Until(
                "the positions can be read",
                async () => (atRestart = (await Statuses(node)).ToDictionary(status => status.Name, status => status.LastSeq)).Count > 0
            );
            await Deadline.Until(
                "every projection and the publisher move on from where the restart found them",
                async () => await Statuses(node) is { Count: > 0 } now && now.All(status => status.LastSeq > atRestart[status.Name]),
                MovesAgainWithin,
                Cancel
            );
        }
        await end.CancelAsync();
        await Task.WhenAll(writers);
        foreach (var name in ProjectionHealth.Names)
            await node.CaughtUp(name);

        var outcomes = await database.Rows("select id, data -> 'EventIds' ->> 0 from mt_doc_outcome", Cancel);
        acknowledged.Select(one => $"{one.Key}|{one.Value.EventIds[0]}").Except(outcomes).ShouldBeEmpty("what was acknowledged is stored");
        (
            await database.Scalar<long>(
                "select count(*) from mt_events where type <> 'tombstone' and causation_id not in (select id::text from mt_doc_outcome)",
                Cancel
            )
        ).ShouldBe(0, "no event without its outcome");
        (
            await database.Scalar<long>("select count(*) - count(distinct causation_id) from mt_events where type <> 'tombstone'", Cancel)
        ).ShouldBe(0, "a message that was sent again after a lost answer is decided once");
        (await node.Services.GetRequiredService<StoreVerifier>().Verify(null, null, null, Cancel)).Whole.ShouldBeTrue(
            "every hash follows from the one before it"
        );
        var stored = await database.Rows("select seq_id from mt_events where type <> 'tombstone' order by 1", Cancel);
        node.Published.Select(e => e.Seq).Distinct().ShouldBe(stored.Select(long.Parse));
    }

    /// <summary>Stores one event after another in a stream of its own; after a failure it sends the same message again, as the bus does.</summary>
    private static async Task Write(
        TestNode node,
        int writer,
        ConcurrentDictionary<Guid, CommandOutcome> acknowledged,
        CancellationToken end
    )
    {
        var store = node.Services.GetRequiredService<CommunityStore>();
        var id = CommunityId.Parse($"0x02{writer + 1:x64}");
        IEvent next = new HistoryArchivesEnabled(id, ControlNode: true, PubsubTopic.Default, []);
        for (ulong n = 0; !end.IsCancellationRequested; n++)
        {
            var (messageId, data) = (Guid.CreateVersion7(), next);
            await node.Until("an event is stored", () => TryStore(messageId, data));
            next = new ArchiveSkipped(id, n, n + 1);
            await node.Until("the publisher keeps up", () => Task.FromResult(acknowledged.Count - node.Published.Count < MostAhead));
        }

        async Task<bool> TryStore(Guid messageId, IEvent data)
        {
            try
            {
                // Null: what was sent before the connection was lost has been stored after this one looked.
                if (await store.Store([data], Cancel, messageId) is not { } outcome)
                    return false;
                acknowledged[messageId] = outcome;
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
    }

    /// <summary>Empty: the database is away.</summary>
    private static async Task<IReadOnlyList<ProjectionStatus>> Statuses(TestNode node)
    {
        try
        {
            return await node.Services.GetRequiredService<ProjectionHealth>().Read(Cancel);
        }
        catch (NpgsqlException)
        {
            return [];
        }
    }
}
