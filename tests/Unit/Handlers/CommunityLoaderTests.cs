using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class CommunityLoaderTests
{
    private static readonly string Stream = Community.StreamId(Sample.Id);

    private readonly InMemoryEventStore events = new();
    private readonly InMemoryCommunityStates states = new();
    private readonly CountingStore store;
    private readonly CommunityLoader loader;

    public CommunityLoaderTests()
    {
        store = new CountingStore(events);
        loader = new CommunityLoader(store, states, NullLogger<CommunityLoader>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_community_that_is_not_there_is_the_initial_one_at_version_0_and_leaves_no_row()
    {
        (await loader.Load(Sample.Id, Cancel)).ShouldBe(LoadedCommunity.None);

        (await states.Find(Stream, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_command_on_a_stream_of_20000_events_costs_what_it_costs_on_a_short_one()
    {
        await Append([Sample.Enabled, .. Enumerable.Range(1, 19_999).Select(Changed)]);
        var handler = new CommandHandler(
            store,
            loader,
            new FactGatherer(null!, null!, null!, null!, TimeProvider.System),
            [],
            TimeProvider.System
        );
        await loader.Load(Sample.Id, Cancel);
        store.Read.ShouldBe(20_000, "Without a row the whole stream is folded, once.");

        for (var command = 0; command < 100; command++)
        {
            store.Read = 0;
            var change = new ChangeChannels(Sample.Id, ContentTopics: [Topic(command)]);
            (await handler.Handle(change, Guid.CreateVersion7(), null, Cancel)).EventIds.Count.ShouldBe(1);
            store.Read.ShouldBeLessThanOrEqualTo(CommunityLoader.EventsBetweenSaves + 1, $"command {command}");
        }

        var loaded = await loader.Load(Sample.Id, Cancel);
        (loaded.Version, loaded.Community.ContentTopics.Single()).ShouldBe((20_100, Topic(99)));
    }

    [Fact]
    public async Task The_row_is_renewed_after_33_events_and_not_before()
    {
        await Append([Sample.Enabled, .. Enumerable.Range(1, 31).Select(Changed)]);
        await loader.Load(Sample.Id, Cancel);
        (await states.Find(Stream, Cancel)).ShouldBeNull();

        await Append([Changed(32)]);
        await loader.Load(Sample.Id, Cancel);
        (await states.Find(Stream, Cancel))!.Version.ShouldBe(33);

        await Append([.. Enumerable.Range(33, 32).Select(Changed)]);
        await loader.Load(Sample.Id, Cancel);
        (await states.Find(Stream, Cancel))!.Version.ShouldBe(33);
        await Append([Changed(65)]);
        await loader.Load(Sample.Id, Cancel);
        (await states.Find(Stream, Cancel))!.Version.ShouldBe(66);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Every_load_of_a_growing_history_equals_folding_it_from_the_start(int seed, bool controlNode)
    {
        var state = Community.Initial;
        var version = 0;
        foreach (var @event in CommunityJsonTests.History(seed, controlNode, steps: 400))
        {
            await Append([@event]);
            state = Community.Evolve(state, @event);

            var loaded = await loader.Load(Sample.Id, Cancel);

            loaded.Version.ShouldBe(++version);
            StateText.Of(loaded.Community).ShouldBe(StateText.Of(state));
        }
        version.ShouldBeGreaterThan(2 * CommunityLoader.EventsBetweenSaves);
        (await states.Find(Stream, Cancel)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("another build folded it")]
    [InlineData("its JSON is damaged")]
    [InlineData("it is beyond the stream")]
    [InlineData("it is beyond the stream and of another build")]
    public async Task A_row_of_no_use_is_ignored_and_replaced(string why)
    {
        await Append([Sample.Enabled, .. Enumerable.Range(1, 39).Select(Changed)]);
        // What the row says is wrong on purpose: whoever believes it is found out.
        var wrong = CommunityJson.Write(Community.Initial with { Id = Sample.Id, ContentTopics = [Sample.Offtopic] });
        var row = new CommunityState(Stream, 40, CommunityLoader.Fold, wrong);
        await states.Save(
            why switch
            {
                "another build folded it" => row with { Fold = "other" },
                "its JSON is damaged" => row with { Json = """{"Id":1}""" },
                "it is beyond the stream" => row with { Version = 41 },
                _ => row with { Version = 1000, Fold = "other" },
            },
            null,
            Cancel
        );

        var loaded = await loader.Load(Sample.Id, Cancel);

        (loaded.Version, loaded.Community.ContentTopics.Single()).ShouldBe((40, Topic(39)));
        var saved = (await states.Find(Stream, Cancel))!;
        (saved.Version, saved.Fold).ShouldBe((40, CommunityLoader.Fold));
        StateText.Of(CommunityJson.Read(saved.Json)).ShouldBe(StateText.Of(loaded.Community));
        store.Read = 0;
        (await loader.Load(Sample.Id, Cancel)).Version.ShouldBe(40);
        store.Read.ShouldBe(1, "The event at the row's version shows that the row is not beyond the stream.");
    }

    [Fact]
    public async Task A_row_far_beyond_a_short_stream_is_ignored_as_often_as_it_is_met()
    {
        await Append([Sample.Enabled]);
        await states.Save(new CommunityState(Stream, 9, CommunityLoader.Fold, CommunityJson.Write(Community.Initial)), null, Cancel);

        foreach (var _ in new[] { 1, 2 })
            (await loader.Load(Sample.Id, Cancel)).Community.Id.ShouldBe(Sample.Id);
    }

    [Fact]
    public async Task A_failure_to_save_fails_no_command()
    {
        await Append([Sample.Enabled, .. Enumerable.Range(1, 100).Select(Changed)]);
        var failing = new CommunityLoader(store, new UnwritableStates(), NullLogger<CommunityLoader>.Instance);
        var handler = new CommandHandler(
            store,
            failing,
            new FactGatherer(null!, null!, null!, null!, TimeProvider.System),
            [],
            TimeProvider.System
        );

        var outcome = await handler.Handle(new ChangeChannels(Sample.Id, ContentTopics: [Topic(7)]), Guid.CreateVersion7(), null, Cancel);

        outcome.EventIds.Count.ShouldBe(1);
    }

    [Fact]
    public void The_fold_is_named_after_the_builds_of_domain_events_and_model() =>
        CommunityLoader
            .Fold.Split(' ')
            .ShouldBe(
                new[] { "Domain", "Events", "Model" }.Select(name =>
                    $"{System.Reflection.Assembly.Load($"EventArchive.{name}").ManifestModule.ModuleVersionId:N}"
                )
            );

    private static ContentTopic Topic(int number) => ContentTopic.Parse($"0x{number + 16:x8}");

    private static ChannelsChanged Changed(int number) => new(Sample.Id, [Topic(number)]);

    private async Task Append(IReadOnlyList<IEvent> more)
    {
        foreach (var chunk in more.Chunk(AppendLimits.MaxEvents))
        {
            var version = (await events.ReadStream(Stream, 0, Cancel)).Count;
            (
                await events.Append(new Append(Stream, version, chunk, Guid.CreateVersion7(), "Test"), Cancel)
            ).ShouldBeOfType<AppendResult.Appended>();
        }
    }

    /// <summary>Counts the events that are read from a stream.</summary>
    private sealed class CountingStore(IEventStore inner) : IEventStore
    {
        public int Read { get; set; }

        public async Task<IReadOnlyList<RecordedEvent>> ReadStream(string streamId, long afterVersion, CancellationToken cancellation)
        {
            var found = await inner.ReadStream(streamId, afterVersion, cancellation);
            Read += found.Count;
            return found;
        }

        public Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterSeq, int limit, CancellationToken cancellation) =>
            inner.ReadAll(afterSeq, limit, cancellation);

        IAsyncEnumerable<RecordedEvent> IEventStore.Read(EventQuery query, CancellationToken cancellation) =>
            inner.Read(query, cancellation);

        public Task<AppendResult> Append(Append append, CancellationToken cancellation) => inner.Append(append, cancellation);

        public Task<CommandOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation) =>
            inner.FindOutcome(messageId, cancellation);
    }

    private sealed class UnwritableStates : ICommunityStates
    {
        public Task<CommunityState?> Find(string streamId, CancellationToken cancellation) => Task.FromResult<CommunityState?>(null);

        public Task Save(CommunityState state, CommunityState? inPlaceOf, CancellationToken cancellation) => throw new TimeoutException();
    }
}
