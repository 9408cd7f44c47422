using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Waku;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class CommandDeliveryTests(PostgresFixture postgres)
{
    private const int Deliveries = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_is_delivered_five_times_decides_once_however_late_and_to_whichever_node()
    {
        await using var database = await postgres.Create(Cancel);
        await using var other = new TestDatabase(database.ConnectionString);
        CommandHandler[] nodes = [Node(database), Node(other)];
        var (id, messageId) = (EventSamples.Community, Guid.CreateVersion7());
        await nodes[0].Handle(new EnableHistoryArchives(id, ControlNode: false), Guid.CreateVersion7(), null, Cancel);
        var command = new ChangeChannels(id, ContentTopics: [EventSamples.Topic]);

        List<CommandOutcome> outcomes = [.. await Task.WhenAll(Deliver(0), Deliver(1))];
        // Were it decided again, the channels would change back.
        await nodes[0].Handle(new ChangeChannels(id, ContentTopics: []), Guid.CreateVersion7(), null, Cancel);
        while (outcomes.Count < Deliveries)
            outcomes.Add(await Deliver(outcomes.Count));

        var changed = await new PostgresEventStore(database.Source, TimeProvider.System).ReadStream(Community.StreamId(id), 1, Cancel);
        changed
            .Select(recorded => recorded.Event.ShouldBeOfType<ChannelsChanged>().ContentTopics.Count)
            .ShouldBe([1, 0], "once, and then what another message wished");
        outcomes.ShouldAllBe(outcome => outcome.EventIds.Single() == changed[0].Id);
        (await database.Scalar<long>("select count(*) from ea_inbox", Cancel)).ShouldBe(3);

        Task<CommandOutcome> Deliver(int n) =>
            Task.Run(() => nodes[n % nodes.Length].Handle(command, messageId, correlationId: null, Cancel), Cancel);
    }

    private static CommandHandler Node(TestDatabase database)
    {
        var store = new PostgresEventStore(database.Source, TimeProvider.System);
        return new CommandHandler(
            store,
            new CommunityLoader(store, new PostgresCommunityStates(database.Source), NullLogger<CommunityLoader>.Instance),
            new FactGatherer(
                new PostgresMessageStore(database.Source, TimeProvider.System),
                new PostgresCommunityKeys(database.Source, new EphemeralDataProtectionProvider(), _ => EventSamples.Community),
                new InMemoryRatchetKeys(),
                new MagnetlinkMessages(),
                TimeProvider.System
            ),
            [new EnableHistoryArchivesValidator(), new ChangeChannelsValidator()],
            TimeProvider.System
        );
    }
}
