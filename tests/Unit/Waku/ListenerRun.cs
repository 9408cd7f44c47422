using System.Collections.Concurrent;
using System.Text;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Waku;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>A listener to one community's announcements at work, what it did, and what a node answers to it.</summary>
internal sealed class ListenerRun : IAsyncDisposable
{
    public static readonly CommunityId Community = CommunityKey.IdOf(MessageVector.Named("plain-11").Key("communityPrivateKey"));

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BackgroundLoops loops = null!;

    private ListenerRun(Hearing listener) => Listener = listener;

    public Hearing Listener { get; private set; }

    public ConcurrentQueue<(CommunityId, byte[])> Heard { get; } = new();

    public OutcomeCounts Counts { get; } = new();

    public int Listed { get; private set; }

    public static async Task<ListenerRun> Start(
        FakeNode node,
        Func<IReadOnlyList<FollowedCommunity>>? followed = null,
        Func<Task>? received = null,
        Func<WakuOptions, WakuOptions>? change = null,
        Uri? address = null
    )
    {
        var options = new WakuOptions
        {
            Node = address ?? node.Address,
            PollInterval = TimeSpan.FromMilliseconds(5),
            FollowedRefresh = TimeSpan.FromMilliseconds(20),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
            HandOverTries = 3,
            Retries = 0,
        };
        options = change?.Invoke(options) ?? options;
        var run = new ListenerRun(null!);
        run.Listener = HearingOf.Nodes(
            options,
            run.Counts.Metrics,
            () =>
            {
                run.Listed++;
                return followed?.Invoke() ?? [new FollowedCommunity(Community, PubsubTopic.Default)];
            },
            async (community, message) =>
            {
                await (received?.Invoke() ?? Task.CompletedTask);
                run.Heard.Enqueue((community, message));
            }
        );
        run.loops = HearingOf.Loops(run.Listener, options);
        await run.loops.StartAsync(Cancellation);
        return run;
    }

    public static (int, string) EmptyStore => (200, """{"requestId":"","statusCode":200,"statusDesc":"OK","messages":[]}""");

    public static bool IsStore(FakeRequest request) => request.Target.StartsWith("/store/v3/messages?", StringComparison.Ordinal);

    public static bool IsPoll(FakeRequest request) => request.Target.StartsWith("/relay/v1/messages/", StringComparison.Ordinal);

    public static string Json(WakuMessage message) => Encoding.UTF8.GetString(NwakuJson.Write(message));

    public static WakuMessage Message(MessageVector vector) => WakuMessage.FromProtobuf(vector.Bytes("wakuMessage"));

    public async Task Until(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        while (!condition())
            await Task.Delay(5, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await loops.StopAsync(CancellationToken.None);
        loops.Dispose();
        Counts.Dispose();
    }
}
