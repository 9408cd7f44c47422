using System.Net;
using System.Net.Sockets;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>
/// Stands between a downloader and a seeder on loopback, where rate limits have no effect: lets a number of bytes of the seeder through
/// (over all connections), then holds the rest until it is opened. Can drop all connections.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly PeerAddress target;
    private readonly CancellationTokenSource ending = new();
    private readonly List<TcpClient> clients = [];
    private readonly Task accepting;
    private long left;
    private long passed;
    private int connections;

    public Relay(PeerAddress target, long letThrough, int port = 0)
    {
        this.target = target;
        left = letThrough;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Peer = new PeerAddress(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        accepting = Accept();
    }

    public PeerAddress Peer { get; }

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Bytes of the seeder that were let through.</summary>
    public long Passed => Interlocked.Read(ref passed);

    public bool Holds => Volatile.Read(ref left) <= 0;

    /// <summary>Nothing that was let through waits to be read (/proc/net/tcp: the fifth field is what is queued to be sent and to be read).</summary>
    public bool IsRead =>
        File.ReadLines("/proc/net/tcp")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith($":{Peer.Port:X4}") || fields[2].EndsWith($":{Peer.Port:X4}"))
            .All(fields => fields[4] == "00000000:00000000");

    public void Open() => Interlocked.Exchange(ref left, long.MaxValue);

    public void Drop()
    {
        lock (clients)
        {
            clients.ForEach(client => client.Dispose());
            clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        Drop();
        await accepting;
        ending.Dispose();
    }

    private async Task Accept()
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync(ending.Token);
                var far = new TcpClient(AddressFamily.InterNetwork);
                await far.ConnectAsync(target.Address, target.Port, ending.Token);
                Interlocked.Increment(ref connections);
                lock (clients)
                    clients.AddRange([near, far]);
                running.Add(Copy(near.GetStream(), far.GetStream(), limited: false));
                running.Add(Copy(far.GetStream(), near.GetStream(), limited: true));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
        await Task.WhenAll(running);
    }

    private async Task Copy(NetworkStream from, NetworkStream to, bool limited)
    {
        var buffer = new byte[16_384];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await from.ReadAsync(buffer, ending.Token) is var read and > 0)
            {
                while (limited && Holds)
                    await timer.WaitForNextTickAsync(ending.Token);
                if (limited && Volatile.Read(ref left) != long.MaxValue)
                    Interlocked.Add(ref left, -read);
                // Before the write: whoever has received a byte finds it counted.
                if (limited)
                    Interlocked.Add(ref passed, read);
                await to.WriteAsync(buffer.AsMemory(0, read), ending.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException) { }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
