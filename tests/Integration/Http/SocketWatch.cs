using System.Collections.Concurrent;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Looks at the sockets of some processes again and again, and remembers each that it saw.</summary>
public sealed class SocketWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentDictionary<int, bool> processes = new();
    private readonly ConcurrentDictionary<OpenSocket, bool> seen = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;

    public SocketWatch() => watching = Task.Run(Look, stop.Token);

    public IReadOnlyCollection<OpenSocket> Seen => [.. seen.Keys];

    public void Watch(params ReadOnlySpan<int> ids)
    {
        foreach (var id in ids)
            processes[id] = true;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task Look()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
                foreach (var socket in OpenSocket.Of([.. processes.Keys]))
                    seen[socket] = true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }
}
