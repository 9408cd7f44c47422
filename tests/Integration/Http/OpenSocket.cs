using System.Globalization;
using System.Net;

namespace EventArchive.Tests.Integration.Http;

/// <summary>A row of /proc/net/tcp, udp, raw or their IPv6 forms.</summary>
/// <param name="ProcessId">Who holds it.</param>
/// <param name="Remote">Port 0: it is connected to nobody.</param>
public sealed record OpenSocket(int ProcessId, string Protocol, IPEndPoint Local, IPEndPoint Remote)
{
    private static readonly string[] Tables = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"];

    public bool IsListening => Remote.Port == 0;

    public bool IsOnLoopback => IsLoopback(Local.Address) && (Remote.Port == 0 || IsLoopback(Remote.Address));

    /// <summary>The sockets of these processes at this moment.</summary>
    public static IReadOnlyList<OpenSocket> Of(IReadOnlyCollection<int> processes)
    {
        var owners = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var process in processes)
        foreach (var inode in Inodes(process))
            owners[inode] = process;
        return [.. Tables.SelectMany(table => Read(table, owners))];
    }

    private static IEnumerable<string> Inodes(int process)
    {
        const string socket = "socket:[";
        string[] files;
        try
        {
            files = Directory.GetFileSystemEntries($"/proc/{process}/fd");
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // It ended, or is ending: then what it has open is the system's alone.
            yield break;
        }
        foreach (var file in files)
            if (TargetOf(file) is { } target && target.StartsWith(socket, StringComparison.Ordinal))
                yield return target[socket.Length..^1];
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Closed since it was listed.
            return null;
        }
    }

    private static IEnumerable<OpenSocket> Read(string table, Dictionary<string, int> owners)
    {
        var path = $"/proc/net/{table}";
        if (!File.Exists(path))
            yield break;
        // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
        foreach (var line in File.ReadAllLines(path).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (owners.TryGetValue(fields[9], out var owner))
                yield return new(owner, table, Address(fields[1]), Address(fields[2]));
        }
    }

    /// <summary>The kernel prints addresses as 32-bit words in the machine's byte order, ports as a number.</summary>
    private static IPEndPoint Address(string text)
    {
        var parts = text.Split(':');
        var bytes = Convert.FromHexString(parts[0]);
        for (var word = 0; word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4);
        return new(new IPAddress(bytes), int.Parse(parts[1], NumberStyles.HexNumber));
    }

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
