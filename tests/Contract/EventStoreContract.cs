using System.Text.Json;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>What every event store does. Run on the one in memory and on the one in PostgreSQL.</summary>
public abstract partial class EventStoreContract : IAsyncLifetime
{
    protected const string Stream = "community-a";

    protected IEventStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<IEventStore> Create();

    /// <summary>Puts another name and body in the place of a stored event.</summary>
    protected abstract Task Overwrite(long seq, string storedName, string json);

    public async ValueTask InitializeAsync() => Store = await Create();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected static Append Wish(long expected, params IEnumerable<IEvent> events) =>
        new(Stream, expected, [.. events], Guid.CreateVersion7(), "CreateArchive");

    [Fact]
    public async Task Events_come_back_in_order_with_versions_from_one_because_a_fold_depends_on_it()
    {
        var first = Wish(0, EventSamples.Numbered(1), EventSamples.Numbered(2));
        var correlation = Guid.NewGuid();
        var second = Wish(2, EventSamples.Numbered(3)) with { CorrelationId = correlation };

        var one = (await Store.Append(first, Cancel)).ShouldBeOfType<AppendResult.Appended>();
        var two = (await Store.Append(second, Cancel)).ShouldBeOfType<AppendResult.Appended>();

        (one.Version, one.Seq, two.Version, two.Seq).ShouldBe((2, 2, 3, 3));
        var events = await Store.ReadStream(Stream, 0, Cancel);
        events.Select(e => e.Event).ShouldBe([EventSamples.Numbered(1), EventSamples.Numbered(2), EventSamples.Numbered(3)]);
        events.Select(e => e.Version).ShouldBe([1L, 2, 3]);
        events.Select(e => e.Seq).ShouldBe([1L, 2, 3]);
        events.Select(e => e.StreamId).ShouldAllBe(id => id == Stream);
        events.Select(e => e.Id).ShouldBe(one.Outcome.EventIds.Concat(two.Outcome.EventIds));
        events.Select(e => e.Id.Version).ShouldAllBe(version => version == 7);
        events.Select(e => e.CausationId).ShouldBe([first.MessageId, first.MessageId, second.MessageId]);
        events.Select(e => e.CorrelationId).ShouldBe([first.MessageId, first.MessageId, correlation]);
        events.Select(e => e.At).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_stream_is_read_after_a_version_because_the_state_before_is_known()
    {
        await Store.Append(Wish(0, [.. Enumerable.Range(1, 5).Select(EventSamples.Numbered)]), Cancel);

        (await Store.ReadStream(Stream, 3, Cancel)).Select(e => e.Version).ShouldBe([4L, 5]);
        (await Store.ReadStream(Stream, 5, Cancel)).ShouldBeEmpty();
        (await Store.ReadStream("community-b", 0, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_stream_that_moved_on_is_a_conflict_and_nothing_is_stored(long expected)
    {
        await Store.Append(Wish(0, EventSamples.Numbered(1), EventSamples.Numbered(2)), Cancel);
        var late = Wish(expected, EventSamples.Numbered(3));

        (await Store.Append(late, Cancel)).ShouldBe(new AppendResult.VersionConflict(2));

        (await Store.ReadStream(Stream, 0, Cancel)).Count.ShouldBe(2);
        (await Store.FindOutcome(late.MessageId, Cancel)).ShouldBeNull();
        (await Store.Append(late with { ExpectedVersion = 2 }, Cancel)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_repeated_message_id_gets_the_first_outcome_because_it_is_handled_once()
    {
        var append = Wish(0, EventSamples.Numbered(1));
        var first = (await Store.Append(append, Cancel)).ShouldBeOfType<AppendResult.Appended>();

        var again = await Store.Append(append with { ExpectedVersion = 1, Events = [EventSamples.Numbered(9)] }, Cancel);

        ShouldBeTheSame(again.ShouldBeOfType<AppendResult.Duplicate>().Outcome, first.Outcome);
        ShouldBeTheSame(await Store.FindOutcome(append.MessageId, Cancel), first.Outcome);
        (await Store.ReadAll(0, 10, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_recorded_so_that_a_repeat_gets_the_same_answer()
    {
        var refused = Wish(0) with { Refusal = new Refusal("unknown_community", "Enable the community first: 'x' is not known.") };

        var result = (await Store.Append(refused, Cancel)).ShouldBeOfType<AppendResult.Appended>();

        result.Version.ShouldBe(0);
        result.Outcome.Refusal.ShouldBe(refused.Refusal);
        var outcome = (await Store.FindOutcome(refused.MessageId, Cancel)).ShouldNotBeNull();
        outcome.Command.ShouldBe("CreateArchive");
        outcome.EventIds.ShouldBeEmpty();
        (await Store.Append(refused, Cancel)).ShouldBeOfType<AppendResult.Duplicate>().Outcome.Refusal.ShouldBe(refused.Refusal);
        (await Store.ReadAll(0, 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wish_that_was_true_already_is_recorded_as_such()
    {
        await Store.Append(Wish(0, EventSamples.Numbered(1)), Cancel);
        var quiet = Wish(1);

        (await Store.Append(quiet, Cancel)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(1);

        var outcome = (await Store.FindOutcome(quiet.MessageId, Cancel)).ShouldNotBeNull();
        (outcome.EventIds.Count, outcome.Refusal).ShouldBe((0, null));
        (await Store.Append(Wish(0), Cancel)).ShouldBe(new AppendResult.VersionConflict(1));
    }

    [Fact]
    public async Task All_streams_are_read_in_commit_order_and_no_more_than_asked()
    {
        await Store.Append(Wish(0, EventSamples.Numbered(1)), Cancel);
        await Store.Append(Wish(0, EventSamples.Numbered(2)) with { StreamId = "community-b" }, Cancel);
        await Store.Append(Wish(1, EventSamples.Numbered(3)), Cancel);

        (await Store.ReadAll(0, 10, Cancel))
            .Select(e => (e.Seq, e.StreamId, e.Version))
            .ShouldBe([(1, Stream, 1), (2, "community-b", 1), (3, Stream, 2)]);
        (await Store.ReadAll(1, 1, Cancel)).Select(e => e.Seq).ShouldBe([2L]);
        (await Store.ReadAll(3, 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_event_type_comes_back_as_it_went_in()
    {
        EventSamples.All.Select(e => e.GetType()).Distinct().ShouldBe(StoredName.All.Select(pair => pair.Value), ignoreOrder: true);

        await Store.Append(Wish(0, EventSamples.All), Cancel);

        var events = await Store.ReadStream(Stream, 0, Cancel);
        events.Select(e => Json(e.Event)).ShouldBe(EventSamples.All.Select(Json));
        events.Select(e => e.Event.GetType()).ShouldBe(EventSamples.All.Select(e => e.GetType()));
    }

    [Theory]
    [InlineData("seeding_paused", "{}", "seeding_paused")]
    [InlineData("archive_skipped", "{\"CommunityId\": 7}", "archive_skipped")]
    [InlineData("archive_skipped", "{\"From\": 1, \"To\": 2}", "archive_skipped")]
    [InlineData("archive_skipped", "{\"CommunityId\": null, \"From\": 1, \"To\": 2}", "archive_skipped")]
    [InlineData("archive_skipped", "null", "archive_skipped")]
    [InlineData("archive_skipped", "[]", "archive_skipped")]
    public async Task A_stored_event_that_cannot_be_read_is_named_with_its_seq_id(string name, string json, string reason)
    {
        await Store.Append(Wish(0, EventSamples.Numbered(1), EventSamples.Numbered(2)), Cancel);
        await Overwrite(2, name, json);

        var fault = await Should.ThrowAsync<UnreadableEventException>(() => Store.ReadStream(Stream, 0, Cancel));

        fault.SeqId.ShouldBe(2);
        fault.Message.ShouldContain("seq_id 2");
        fault.Reason.ShouldContain(reason);
        (await Store.ReadAll(0, 1, Cancel)).Count.ShouldBe(1);
    }

    private static string Json(IEvent @event) => JsonSerializer.Serialize(@event, @event.GetType());

    private static void ShouldBeTheSame(CommandOutcome? actual, CommandOutcome expected)
    {
        actual.ShouldNotBeNull();
        actual.EventIds.ShouldBe(expected.EventIds);
        (actual with { EventIds = [] }).ShouldBe(
            expected with
            {
                EventIds = [],
            },
            "the command, the refusal and the time are the first ones"
        );
    }
}
