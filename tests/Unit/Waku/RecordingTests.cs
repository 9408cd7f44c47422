using System.Text;
using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>What is said on the channels of an archived community is recorded, heard or filled in; what nobody can tell is reported.</summary>
public sealed class RecordingTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly OutcomeCounts counts = new();
    private readonly Recording recording = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_message_is_recorded_as_archives_hold_it_and_what_does_not_open_is_counted()
    {
        await using var node = await FaultServer.Start(seed: 1, Cancellation);
        node.Refuses = ["/store/"];
        var message = Chatter.Says([1, 2, 3], Now);
        await using var run = await Hear(node);
        await Subscribed(node);

        node.Hear(PubsubTopic.Default, message with { Version = 0 });
        node.Hear(PubsubTopic.Default, message with { Payload = [.. message.Payload.Reverse()] });
        node.Hear(PubsubTopic.Default, message with { Timestamp = -1 });
        node.Hear(PubsubTopic.Default, message with { ContentTopic = ContentTopic.OfChat("elsewhere").Name });
        node.Hear(PubsubTopic.Default, message);

        await Until("it is recorded", () => recording.Messages.Count > 0);
        var one = recording.Messages.ShouldHaveSingleItem();
        one.Payload.ToArray().ShouldBe([1, 2, 3]);
        one.Topic.ShouldBe(Chatter.Topic);
        one.Timestamp.ShouldBe((ulong)(message.Timestamp / 1_000_000_000));
        one.Hash.ShouldBe(message.Hash(PubsubTopic.Default));
        one.Sig.Length.ShouldBe(65);
        one.Padding.Length.ShouldBeInRange(1, 256);
        counts["undecodable"].ShouldBe(3);
    }

    [Fact]
    public async Task Messages_wait_for_a_message_store_that_is_away_because_the_node_has_let_go_of_them()
    {
        await using var node = await FaultServer.Start(seed: 2, Cancellation);
        var tries = 0;
        recording.Store.Fault = () => ++tries < 4 ? new TimeoutException("away") : null;
        await using var run = await Hear(node, change: options => options with { Recheck = TimeSpan.Zero });
        await Subscribed(node);

        node.Hear(PubsubTopic.Default, Chatter.Says([1], Now));

        await Until("it is recorded", () => recording.Messages.Count == 1);
        tries.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Stores_that_answer_badly_and_disagree_give_all_messages_together_each_once()
    {
        await using var first = await FaultServer.Start(seed: 3, Cancellation);
        await using var second = await FaultServer.Start(seed: 4, Cancellation);
        for (var number = 0; number < 450; number++)
        {
            var message = Chatter.Says(Encoding.UTF8.GetBytes($"message {number}"), Now - TimeSpan.FromMinutes(5 + (number * 9)));
            first.Hear(PubsubTopic.Default, message);
            second.Hear(PubsubTopic.Default, message);
        }
        (first.Hides, second.Hides) = (number => number % 3 == 0, number => number % 3 == 1);
        (first.Repeats, second.Repeats) = (true, true);
        (first.FaultsPerHundred, second.FaultsPerHundred) = (20, 20);

        await using var run = await Hear(
            first,
            [second],
            options => options with { Recheck = TimeSpan.FromMilliseconds(50), RequestTimeout = TimeSpan.FromMilliseconds(500) }
        );

        await Until("all are there", () => recording.Messages.Count == 450);
        recording.Texts.ShouldBeUnique();
        (first.Failures + second.Failures).ShouldBeGreaterThan(0);
        recording.Reports.ShouldBeEmpty("a store told everything in the end");
    }

    [Fact]
    public async Task What_no_store_can_tell_is_reported_once_and_filled_when_one_can()
    {
        await using var node = await FaultServer.Start(seed: 5, Cancellation);
        node.Refuses = ["/store/"];
        node.Hear(PubsubTopic.Default, Chatter.Says([7], Now - TimeSpan.FromHours(3)));
        await using (await Hear(node))
        {
            await Until("the gap is reported", () => recording.Reports.OfType<ReportHistoryGap>().Any());
            var asked = node.Requests;
            await Until("it is looked again", () => node.Requests > asked + 100);
        }
        var gaps = recording.Reports.Select(report => report.ShouldBeOfType<ReportHistoryGap>()).ToList();
        var gap = gaps[0];
        gap.ContentTopics.ShouldBe([Chatter.Topic]);
        (gap.To - gap.From).ShouldBeGreaterThan((ulong)TimeSpan.FromDays(28).TotalSeconds);
        gap.Reason.ShouldContain("503");
        // Whole days while it grew: 29, and one more a second later; and the rest when somebody had heard for some seconds.
        gaps.Count.ShouldBeLessThanOrEqualTo(3);
        gaps.Skip(1).Select(rest => rest.From).ShouldBe(gaps.SkipLast(1).Select(before => before.To));

        node.Refuses = [];
        await using var run = await Hear(node);

        await Until("the message is there", () => recording.Messages.Count == 1);
        await Until("it is no gap any more", async () => (await recording.Coverage.List(Chatter.Community, Cancellation))[0].Gaps.IsEmpty);
        recording.Reports.OfType<ReportHistoryFilled>().ShouldNotBeEmpty();
        recording.Reports.OfType<ReportHistoryGap>().ShouldBe(gaps, "none of it is told again");
    }

    [Fact]
    public async Task An_outage_longer_than_stores_keep_messages_is_a_gap_though_they_answer_because_nothing_is_no_answer()
    {
        await using var node = await FaultServer.Start(seed: 6, Cancellation);
        var wanted = (ulong)(Now - TimeSpan.FromDays(100)).ToUnixTimeSeconds();
        await recording.Coverage.Want(Chatter.Community, [Chatter.Topic], wanted, Cancellation);

        await using var run = await Hear(node);

        await Until("the gap is reported", () => !recording.Reports.IsEmpty);
        var gap = recording.Reports.First().ShouldBeOfType<ReportHistoryGap>();
        gap.From.ShouldBe(wanted);
        TimeSpan.FromSeconds(gap.To - gap.From).TotalDays.ShouldBeInRange(69, 71);
        gap.Reason.ShouldContain("Waku:StoreRetention");
    }

    [Fact]
    public async Task What_was_heard_without_a_break_is_no_gap_when_no_store_answers()
    {
        await using var node = await FaultServer.Start(seed: 7, Cancellation);
        node.Refuses = ["/store/"];
        var start = (ulong)Now.ToUnixTimeSeconds();
        await using var run = await Hear(node);

        await Until(
            "some seconds are accounted for",
            async () =>
                (await recording.Coverage.List(Chatter.Community, Cancellation)) is [{ Heard: { IsEmpty: false } heard }]
                && heard.List[^1].To > start + 3
        );
        var heardFrom = (await recording.Coverage.List(Chatter.Community, Cancellation))[0].Heard.List[0].From;
        recording.Reports.OfType<ReportHistoryGap>().ShouldAllBe(gap => gap.To <= heardFrom);
    }

    [Fact]
    public async Task A_relay_that_refuses_is_heard_through_its_filter_and_a_subscription_that_is_lost_is_made_again()
    {
        await using var node = await FaultServer.Start(seed: 8, Cancellation);
        node.Refuses = ["/relay/"];
        await using var run = await Hear(node, change: options => options with { Recheck = TimeSpan.Zero });
        await Subscribed(node);
        node.Hear(PubsubTopic.Default, Chatter.Says([1], Now));
        await Until("it is heard", () => recording.Messages.Count == 1);

        node.ForgetSubscriptions();
        await Subscribed(node);
        await Until(
            "it is heard again",
            () =>
            {
                node.Hear(PubsubTopic.Default, Chatter.Says([2], Now));
                return recording.Messages.Count > 1;
            }
        );
    }

    public void Dispose() => counts.Dispose();

    /// <summary>Before it nothing is heard, and a message would only be filled in.</summary>
    private static Task Subscribed(FaultServer node) => Until("the node is subscribed", () => node.IsSubscribed);

    private Task<IAsyncDisposable> Hear(
        FaultServer node,
        IEnumerable<FaultServer>? more = null,
        Func<WakuOptions, WakuOptions>? change = null
    )
    {
        var options = new WakuOptions
        {
            Node = node.Address,
            StoreNodes = [node.Address, .. (more ?? []).Select(other => other.Address)],
            PollInterval = TimeSpan.FromMilliseconds(10),
            FollowedRefresh = TimeSpan.FromMilliseconds(50),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
            // An answer to a poll that comes too late takes its messages along, so none may.
            RequestTimeout = TimeSpan.FromSeconds(30),
            RetryDelay = TimeSpan.FromMilliseconds(1),
            BreakDuration = TimeSpan.FromMilliseconds(500),
            Settle = TimeSpan.FromSeconds(1),
            GapCheck = TimeSpan.FromMilliseconds(50),
            GapPatience = TimeSpan.Zero,
        };
        return recording.Hear(change?.Invoke(options) ?? options, counts.Metrics, Cancellation);
    }

    private static Task Until(string what, Func<bool> condition) =>
        Deadline.Until(what, () => Task.FromResult(condition()), Limit, Cancellation);

    private static Task Until(string what, Func<Task<bool>> condition) => Deadline.Until(what, condition, Limit, Cancellation);
}
