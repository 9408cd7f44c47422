using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace EventArchive.Testing;

/// <summary>
/// Free TCP ports of 127.0.0.1, each given once by this process. They lie below Linux's ephemeral ports (32768 and up by default), so
/// that no outgoing connection takes one while its server is stopped for a restart.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly HashSet<int> Given = [];
    private static readonly Lock Gate = new();

    /// <exception cref="ServerFailedException">All of them were given or are in use.</exception>
    public static int Next()
    {
        lock (Gate)
        {
            while (Given.Count <= Last - First)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last + 1);
                if (Given.Add(port) && IsFree(port))
                    return port;
            }
        }
        throw new ServerFailedException($"No port from {First} to {Last} is free on 127.0.0.1.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
