using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Waku.ListenerRun;

namespace EventArchive.Tests.Waku;

/// <summary>Announcements that were sent while nobody listened are asked of the store.</summary>
public sealed class MissedMagnetlinksTests
{
    private static readonly MessageVector Vector = MessageVector.Named("plain-11");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_what_was_sent_while_nobody_listened_the_highest_clock_counts_whatever_page_of_the_store_it_is_on()
    {
        // The older clock was sent again later: it stands on the first page, where the newest messages are.
        var (older, newer) = (MessageVector.Named("with-bundle-11"), MessageVector.Named("no-encryption-layer"));
        await using var node = await FakeNode.Start(
            request =>
                !IsStore(request) ? (200, IsPoll(request) ? "[]" : "OK")
                : request.Target.Contains("&cursor=0xabc") ? (200, Page(newer, null))
                : (200, Page(older, "0xabc", timestamp: 2)),
            Cancellation
        );
        await using var run = await ListenerRun.Start(node);
        await run.Until(() => !run.Heard.IsEmpty);
        var listed = run.Listed;
        await run.Until(() => run.Listed > listed + 3);
        run.Heard.Select(heard => heard.Item2).ShouldBe([newer.Bytes("wrapped")]);
        run.Counts["overtaken"].ShouldBe(1);
        // Asked once: both pages, and never again while the subscription holds.
        node.Requests.Count(IsStore).ShouldBe(2);
        node.Requests.First(IsStore).Target.ShouldContain("pubsubTopic=%2Fwaku%2F2%2Frs%2F16%2F32&contentTopics=%2Fwaku%2F1%2F0x");
    }

    [Fact]
    public async Task A_subscription_that_was_lost_asks_the_store_again_for_what_came_meanwhile()
    {
        var polls = 0;
        await using var node = await FakeNode.Start(
            request =>
                IsStore(request) ? (Volatile.Read(ref polls) >= 2 ? (200, Page(Vector, null)) : EmptyStore)
                : !IsPoll(request) ? (200, "OK")
                : Interlocked.Increment(ref polls) == 2 ? (404, "")
                : (200, "[]"),
            Cancellation
        );
        await using var run = await ListenerRun.Start(node);
        await run.Until(() => !run.Heard.IsEmpty);
    }

    [Fact]
    public async Task A_node_without_a_store_is_listened_to_all_the_same_and_asked_again()
    {
        var asked = 0;
        ListenerRun? listening = null;
        // The store has no answer until the relay's message was heard, however long that takes.
        bool IsHeard() => Volatile.Read(ref listening) is { Heard.IsEmpty: false };
        await using var node = await FakeNode.Start(
            request =>
                IsStore(request) ? (Interlocked.Increment(ref asked) > 2 && IsHeard() ? (200, Page(Vector, null)) : (412, "no peer"))
                : !IsPoll(request) ? (200, "OK")
                : (200, Volatile.Read(ref asked) > 0 && !IsHeard() ? $"[{Json(Message(MessageVector.Named("with-bundle-11")))}]" : "[]"),
            Cancellation
        );
        await using var run = await ListenerRun.Start(node);
        Volatile.Write(ref listening, run);
        await run.Until(() => run.Heard.Any(heard => heard.Item2.SequenceEqual(Vector.Bytes("wrapped"))));
        run.Heard.First().Item2.ShouldBe(MessageVector.Named("with-bundle-11").Bytes("wrapped"));
    }

    private static string Page(MessageVector vector, string? cursor, long timestamp = 1) =>
        $$"""{"requestId":"","statusCode":200,"messages":[{"messageHash":"0x1","message":{{Json(Message(vector) with { Timestamp = timestamp })}}}]"""
        + (cursor is null ? "}" : $$""","paginationCursor":"{{cursor}}"}""");
}
