using System.Net;
using System.Net.Sockets;

namespace EventArchive.Testing;

/// <summary>
/// Free TCP ports of 127.0.0.1, each given once by this process. A port is left in TIME_WAIT: for a minute the kernel hands it to
/// nobody else, while a server that sets SO_REUSEADDR (all of ours do) may listen on it at once.
/// </summary>
public static class FreePort
{
    private static readonly HashSet<int> Given = [];
    private static readonly Lock Gate = new();

    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                var port = Reserve();
                if (Given.Add(port))
                    return port;
            }
        }
    }

    private static int Reserve()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        using var client = new TcpClient();
        client.Connect(endpoint);
        // The side that closes first keeps the port in TIME_WAIT, so the accepted side goes before the client.
        listener.AcceptSocket().Dispose();
        return endpoint.Port;
    }
}
