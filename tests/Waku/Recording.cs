using System.Collections.Concurrent;
using System.Text;
using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Waku;

namespace EventArchive.Tests.Waku;

/// <summary>The channel of <see cref="Chatter"/> is followed; what is kept and reported of it stays in memory, also from one hearing to the next.</summary>
internal sealed class Recording
{
    public RecordedInMemory Store { get; } = new();

    public InMemoryCoverage Coverage { get; } = new();

    public ConcurrentQueue<IReport> Reports { get; } = new();

    public IReadOnlyList<ArchivedMessage> Messages => Store.Messages;

    public List<string> Texts => [.. Messages.Select(message => Encoding.UTF8.GetString(message.Payload.Span))];

    /// <summary>Hears until it is disposed of.</summary>
    public async Task<IAsyncDisposable> Hear(WakuOptions options, WakuMetrics metrics, CancellationToken cancellation)
    {
        var hearing = HearingOf.Nodes(
            options,
            metrics,
            () => [Chatter.Followed],
            (_, _) => Task.CompletedTask,
            Store,
            Coverage,
            Reports.Enqueue
        );
        var loops = HearingOf.Loops(hearing, options);
        await loops.StartAsync(cancellation);
        return new Running(loops);
    }

    private sealed class Running(BackgroundLoops loops) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await loops.StopAsync(CancellationToken.None);
            loops.Dispose();
        }
    }
}
