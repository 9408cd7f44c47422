using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public abstract partial class EventStoreContract
{
    [Theory]
    [InlineData(0x0000, "U+0000")]
    [InlineData(0xD800, "surrogate")]
    [InlineData(0xDC00, "surrogate")]
    public async Task Text_that_the_database_cannot_keep_is_refused_before_it_is_sent(int unit, string named)
    {
        var text = $"a{(char)unit}b";
        // Text in a plain field, in a list, in a value type, and beside the events.
        Append[] appends =
        [
            Wish(0, new DownloadFailed(EventSamples.Community, EventSamples.InfoHash, text)),
            Wish(
                0,
                new MagnetlinkPublished(
                    EventSamples.Community,
                    EventSamples.Clock,
                    EventSamples.InfoHash,
                    EventSamples.Magnetlink,
                    PubsubTopic.Default,
                    [text]
                )
            ),
            Wish(
                0,
                new DownloadStarted(EventSamples.Community, EventSamples.InfoHash, Magnetlink.Parse(EventSamples.Magnetlink + "&x=" + text))
            ),
            Wish(0) with
            {
                Refusal = new Refusal("code", text),
            },
            Wish(0) with
            {
                Command = text,
            },
            Wish(0, EventSamples.Numbered(1)) with
            {
                StreamId = text,
            },
        ];
        foreach (var append in appends)
        {
            (await Should.ThrowAsync<ArgumentException>(() => Store.Append(append, Cancel))).Message.ShouldContain(named);
            (await Store.FindOutcome(append.MessageId, Cancel)).ShouldBeNull();
        }
        (await Store.ReadAll(0, 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_without_a_stream_is_kept_because_the_command_named_no_community()
    {
        var append = Wish(0) with { StreamId = "", Refusal = new Refusal("invalid_command", "CommunityId: must not be empty.") };
        var appended = (await Store.Append(append, Cancel)).ShouldBeOfType<AppendResult.Appended>();
        appended.Outcome.Refusal.ShouldBe(append.Refusal);
        (await Store.FindOutcome(append.MessageId, Cancel))!.Refusal.ShouldBe(append.Refusal);
        await Should.ThrowAsync<ArgumentException>(() => Store.Append(Wish(0, EventSamples.Numbered(1)) with { StreamId = "" }, Cancel));
    }

    [Fact]
    public async Task Too_many_events_are_refused_with_the_limit()
    {
        var most = Wish(0, [.. Enumerable.Range(1, AppendLimits.MaxEvents).Select(EventSamples.Numbered)]);
        var tooMany = most with { Events = [.. most.Events, EventSamples.Numbered(0)] };

        (await Should.ThrowAsync<ArgumentException>(() => Store.Append(tooMany, Cancel))).Message.ShouldContain("1000");

        (await Store.Append(most, Cancel)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(AppendLimits.MaxEvents);
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_refused_with_the_limit()
    {
        var large = new DownloadFailed(EventSamples.Community, EventSamples.InfoHash, new string('x', AppendLimits.MaxEventBytes));

        (await Should.ThrowAsync<ArgumentException>(() => Store.Append(Wish(0, large), Cancel))).Message.ShouldContain("16777216");
    }

    [Fact]
    public async Task A_refusal_with_events_is_a_mistake_of_the_caller()
    {
        var both = Wish(0, EventSamples.Numbered(1)) with { Refusal = new Refusal("code", "reason") };

        await Should.ThrowAsync<ArgumentException>(() => Store.Append(both, Cancel));
        await Should.ThrowAsync<ArgumentException>(() => Store.Append(Wish(-1), Cancel));
        await Should.ThrowAsync<ArgumentException>(() => Store.Append(Wish(0) with { MessageId = Guid.Empty }, Cancel));
    }
}
