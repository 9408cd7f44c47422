using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;
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
        await using var first = TestStores.Of(database);
        await using var second = TestStores.Of(database);
        CommandHandler[] nodes = [Node(first), Node(second)];
        var (id, messageId) = (EventSamples.Community, Guid.CreateVersion7());
        await nodes[0].Handle(new EnableHistoryArchives(id, ControlNode: false), Sent(), Cancel);
        var command = new ChangeChannels(id, ContentTopics: [EventSamples.Topic]);

        List<CommandOutcome> outcomes = [.. await Task.WhenAll(Deliver(0), Deliver(1))];
        // Were it decided again, the channels would change back.
        await nodes[0].Handle(new ChangeChannels(id, ContentTopics: []), Sent(), Cancel);
        while (outcomes.Count < Deliveries)
            outcomes.Add(await Deliver(outcomes.Count));

        var query = new EventQuery(StreamId: Community.StreamId(id));
        var changed = await first.GetRequiredService<EventReader>().Read(query, Cancel).Skip(1).ToListAsync(Cancel);
        changed
            .Select(recorded => recorded.Event.ShouldBeOfType<ChannelsChanged>().ContentTopics.Count)
            .ShouldBe([1, 0], "once, and then what another message wished");
        outcomes.ShouldAllBe(outcome => outcome.EventIds.Single() == changed[0].Id);
        (await database.Scalar<long>("select count(*) from mt_doc_outcome", Cancel)).ShouldBe(3);

        Task<CommandOutcome> Deliver(int n) =>
            Task.Run(() => nodes[n % nodes.Length].Handle(command, new Cause(messageId, Actor.Bus), Cancel), Cancel);
    }

    private static Cause Sent() => new(Guid.CreateVersion7(), Actor.Bus);

    private static CommandHandler Node(IServiceProvider services) =>
        new(
            services.GetRequiredService<CommunityStore>(),
            new FactGatherer(
                services.GetRequiredService<IMessageStore>(),
                services.GetRequiredService<ICommunityKeys>(),
                services.GetRequiredService<IRatchetKeys>(),
                new MagnetlinkMessages(),
                services.GetRequiredService<EventReader>(),
                TimeProvider.System
            ),
            [new EnableHistoryArchivesValidator(), new ChangeChannelsValidator()],
            TimeProvider.System
        );
}
