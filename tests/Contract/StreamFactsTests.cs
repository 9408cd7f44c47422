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

/// <summary>What grows with a community is in no state: decisions rest on what its own stream says about it, up to the last event.</summary>
public sealed class StreamFactsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly byte[] PrivateKey = [.. Enumerable.Repeat((byte)0x11, 32)];
    private static readonly CommunityId Id = CommunityKey.IdOf(PrivateKey);
    private static readonly CommunityId Other = EventSamples.Community;
    private static readonly Clock Clock = new(1_700_000_000_000);

    private TestDatabase database = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        services = TestStores.Of(database);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_complete_download_only_archives_are_imported_that_no_event_of_the_community_has_imported()
    {
        await Happened(Member(Other), new ArchivesImported(Other, Hash(1), [Archive(4)], 1, 0));
        await Happened(
            Member(Id),
            new ArchivesImported(Id, Hash(1), [Archive(1)], 1, 0),
            new ArchivesImported(Id, Hash(2), [Archive(2)], 1, 0),
            new ArchivesImported(Id, Hash(2), [Archive(3)], 1, 0),
            new DownloadStarted(Id, Hash(3), Magnet(3))
        );
        await database.Run("update mt_events set is_skipped = true where version = 4", Cancel);

        await Handle(new CompleteDownload(Id, Hash(3), [.. Enumerable.Range(1, 4).Select(Archive)], 100));

        (await Events()).OfType<ImportStarted>().Single().Archives.ShouldBe([Archive(3), Archive(4)], "3 was skipped, 4 is another's");
    }

    [Fact]
    public async Task A_message_that_was_ignored_is_a_fact_once_for_each_reason_however_often_it_is_replayed()
    {
        await Happened(Member(Id), new MagnetlinkReceived(Id, Clock, Hash(1), Magnet(1), [1]));
        var (older, twice) = (Signed(new Clock(5), 1), Signed(Clock, 2));

        foreach (var message in new[] { older, twice, older, twice, Signed(new Clock(5), 2), older })
            await Handle(new ReceiveMagnetlink(Id, message));

        (await Events())
            .OfType<MagnetlinkIgnored>()
            .Select(ignored => (ignored.Clock, ignored.InfoHash, ignored.Reason))
            .ShouldBe([
                (new Clock(5), Hash(1), IgnoredBecause.OlderClock),
                (Clock, Hash(2), IgnoredBecause.ClockUsedTwice),
                (new Clock(5), Hash(2), IgnoredBecause.OlderClock),
            ]);
    }

    private static HistoryArchivesEnabled Member(CommunityId id) => new(id, ControlNode: false, PubsubTopic.Default, []);

    private static InfoHash Hash(int torrent) => InfoHash.Parse($"{torrent:x40}");

    private static ArchiveId Archive(int archive) => ArchiveId.Parse($"0x{archive:x64}");

    private static Magnetlink Magnet(int torrent) => Magnetlink.Of(Hash(torrent), Id, []);

    private static byte[] Signed(Clock clock, int torrent) => new MagnetlinkMessages().Sign(PrivateKey, clock, Magnet(torrent));

    private Task<CommandOutcome?> Happened(params IReadOnlyList<IEvent> events) =>
        services.GetRequiredService<CommunityStore>().Store(events, Cancel);

    private async Task Handle(ICommand command)
    {
        var facts = new FactGatherer(
            services.GetRequiredService<IMessageStore>(),
            services.GetRequiredService<ICommunityKeys>(),
            services.GetRequiredService<IRatchetKeys>(),
            new MagnetlinkMessages(),
            services.GetRequiredService<EventReader>(),
            TimeProvider.System
        );
        var handler = new CommandHandler(services.GetRequiredService<CommunityStore>(), facts, [], TimeProvider.System);
        (await handler.Handle(command, new Cause(Guid.CreateVersion7(), Actor.Bus), Cancel)).Refusal.ShouldBeNull();
    }

    private async Task<List<IEvent>> Events() =>
        await services
            .GetRequiredService<EventReader>()
            .Read(new EventQuery(StreamId: Community.StreamId(Id)), Cancel)
            .Select(recorded => recorded.Event)
            .ToListAsync(Cancel);
}
