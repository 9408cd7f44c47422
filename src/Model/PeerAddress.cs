using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>Where a BitTorrent peer listens: an IP address and a port (1 to 65,535), <c>1.2.3.4:5</c> or <c>[::1]:5</c>.</summary>
[JsonConverter(typeof(ParsableStringConverter<PeerAddress>))]
public sealed record PeerAddress(IPAddress Address, int Port) : IParsable<PeerAddress>
{
    public static PeerAddress Parse(string text, IFormatProvider? provider = null) =>
        TryParse(text, provider, out var peer) ? peer : throw new FormatException("A peer address is IP:PORT, for example 127.0.0.1:9025.");

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out PeerAddress result)
    {
        result = IPEndPoint.TryParse(text ?? "", out var end) && end.Port != 0 ? new PeerAddress(end.Address, end.Port) : null;
        return result is not null;
    }

    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
