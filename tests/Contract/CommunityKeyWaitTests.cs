using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>A control node without its community's private key: everything but the announcement goes on, and that waits for the key.</summary>
public sealed class CommunityKeyWaitTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly byte[] PrivateKey = [.. Enumerable.Repeat((byte)0x11, 32)];
    private static readonly CommunityId Id = EventSamples.Community;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestNode node = null!;
    private IPendingWork work = null!;
    private ICommunityKeys keys = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        work = node.Services.GetRequiredService<IPendingWork>();
        keys = node.Services.GetRequiredService<ICommunityKeys>();
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task Work_that_waits_for_the_key_is_named_not_counted_and_taken_as_soon_as_the_key_is_imported()
    {
        await node.Append(new AnnouncementRequested(Id, EventSamples.InfoHash, AnnouncementReason.Command));
        await node.Listening();
        var taken = (await work.Take(Effect.Sign, "a", Lease, Cancel)).ShouldNotBeNull();
        await work.AwaitCommunityKey(taken, TimeSpan.Zero, "import the key", Cancel);
        (await work.Take(Effect.Sign, "a", Lease, Cancel)).ShouldBeNull();
        (await work.ListParked(Cancel)).ShouldBe([new ParkedWork(Id, Effect.Sign, 0, "import the key", AwaitsKey: true)]);

        var waiting = await node.Waiting(Effect.Sign);
        await keys.Import(Id, PrivateKey, Cancel);
        await waiting.WaitAsync(Patience, Cancel);
        var woken = (await work.Take(Effect.Sign, "a", Lease, Cancel)).ShouldNotBeNull();
        woken.Attempts.ShouldBe(1);

        await work.AwaitCommunityKey(woken, Lease, "it cannot be decrypted", Cancel);
        (await work.Take(Effect.Sign, "a", Lease, Cancel)).ShouldBeNull("the key is here, and the row is not due for a minute");
        (await work.ListParked(Cancel)).ShouldHaveSingleItem().Reason.ShouldBe("it cannot be decrypted");
    }

    [Fact]
    public async Task A_control_node_whose_key_is_gone_seeds_on_and_announces_when_the_key_is_back()
    {
        await keys.Import(Id, PrivateKey, Cancel);
        var (commands, communities) = Commands();
        await Handle(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [EventSamples.Topic]));
        await keys.Forget(Id, Cancel);
        await node.AppendAll([.. Created()]);
        var reports = new NodeReports(commands, Options.Create(new NodeOptions { Name = "n" }), NullLogger<NodeReports>.Instance);
        await reports.Report(new ConfirmSeeding(Id, EventSamples.InfoHash, "n", EventSamples.Peer), Guid.CreateVersion7(), Cancel);

        using var signals = new EffectSignals();
        using var worker = TestLoops.Of(
            new EffectWorker(
                [new SignAnnouncements(keys, new MagnetlinkMessages(), TimeProvider.System, signals)],
                work,
                communities,
                reports,
                signals,
                Options.Create(new WorkOptions()),
                Options.Create(new NodeOptions { Name = "n" }),
                TimeProvider.System,
                NullLogger<EffectWorker>.Instance
            )
        );
        await worker.StartAsync(Cancel);
        await node.Until(
            "the wait is named",
            async () =>
                await work.ListParked(Cancel) is [{ Effect: Effect.Sign, AwaitsKey: true } waits] && waits.Reason.Contains("keys import")
        );
        (await communities.Load(Id, Cancel)).Community.Seeders.Keys.ShouldBe(["n"]);

        await keys.Import(Id, PrivateKey, Cancel);
        await node.Until("it is signed", async () => (await communities.Load(Id, Cancel)).Community.Announcing is not null);
        await worker.StopAsync(Cancel);

        var prepared = (await communities.Load(Id, Cancel)).Community.Announcing!;
        prepared.Magnetlink.Peers.ShouldBe([EventSamples.Peer]);
        new MagnetlinkMessages().Open(prepared.SignedMessage).Signer.ShouldBe(CommunityKey.IdOf(PrivateKey));
        (await work.ListParked(Cancel)).ShouldBeEmpty();
        (await work.Take(Effect.Announce, "n", Lease, Cancel)).ShouldNotBeNull();

        async Task Handle(ICommand command) =>
            (await commands.Handle(command, new Cause(Guid.CreateVersion7(), Actor.Bus), Cancel)).Refusal.ShouldBeNull();
    }

    private static IEnumerable<IEvent> Created() =>
        [EventSamples.All.OfType<ArchiveCreationStarted>().First(), EventSamples.All.OfType<ArchiveCreated>().First()];

    private (CommandHandler Commands, CommunityStore Communities) Commands()
    {
        var communities = node.Services.GetRequiredService<CommunityStore>();
        var facts = new FactGatherer(
            node.Services.GetRequiredService<IMessageStore>(),
            keys,
            new InMemoryRatchetKeys(),
            new MagnetlinkMessages(),
            node.Services.GetRequiredService<EventReader>(),
            TimeProvider.System
        );
        return (new CommandHandler(communities, facts, [], TimeProvider.System), communities);
    }
}
