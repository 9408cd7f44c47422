using System.Net;
using System.Text;

namespace EventArchive.BitTorrent;

/// <summary>
/// Which of a magnet's trackers are asked while its torrent is fetched, besides our own: the first few plain addresses outside this node's own
/// network, as with <see cref="PeerChoice"/>. What a name resolves to is judged by libtorrent (refuse_private_addresses in session.cpp).
/// </summary>
internal static class TrackerChoice
{
    private const int MaxCharacters = 256;

    public static IReadOnlyList<string> Of(IEnumerable<string> named, BitTorrentOptions options)
    {
        if (options.Discovery != Discovery.Public)
            return [];
        // As in session.cpp: a listener on loopback sends nothing off the machine.
        var loopback = options.Listen.StartsWith("127.", StringComparison.Ordinal);
        return
        [
            .. named.Select(text => Read(text, loopback)).OfType<string>().Except(options.ToAnnounceTo()).Take(options.MaxMagnetTrackers),
        ];
    }

    /// <summary>Written anew, so that libtorrent reads the address that was judged here; null: it is not one to ask.</summary>
    private static string? Read(string text, bool mayBePrivate)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("udp" or "http" or "https"))
            return null;
        var plain = uri.AbsoluteUri;
        // An @ stands for user info, which is no business of a stranger's, wherever a reader may see it.
        if (plain.Length > MaxCharacters || !Ascii.IsValid(plain) || plain.AsSpan().ContainsAny('@', '#') || uri.Port <= 0)
            return null;
        return !mayBePrivate && IPAddress.TryParse(uri.DnsSafeHost, out var address) && PeerChoice.IsPrivate(address) ? null : plain;
    }
}
