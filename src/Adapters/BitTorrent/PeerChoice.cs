using System.Net;
using System.Net.Sockets;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>
/// Which of a magnet's peers are asked. On a public network a stranger's magnet must not send this node to addresses inside its own
/// network; there private addresses (RFC 1918, 3927, 4193, 4291, 6598) are passed over.
/// </summary>
internal static class PeerChoice
{
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("::/127"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    public static IReadOnlyList<PeerAddress> Of(IEnumerable<PeerAddress> peers, Discovery discovery, PeerAddress? self) =>
        [.. peers.Where(peer => peer != self && (discovery != Discovery.Public || !IsPrivate(peer.Address))).Distinct()];

    public static bool IsPrivate(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            || Private.Any(network => network.Contains(plain));
    }
}
