using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>
/// A magnet URI with exactly one <c>urn:btih</c> (BEP 9): 40 hexadecimal digits or 32 of base32.
/// Kept as the text it came as, since that text is what was signed.
/// </summary>
[JsonConverter(typeof(ParsableStringConverter<Magnetlink>))]
public sealed record Magnetlink : IParsable<Magnetlink>
{
    public const int MaxCharacters = 4096;
    public const int MaxTrackers = 32;
    public const int MaxPeers = 32;

    private readonly string text;

    private Magnetlink(string text, InfoHash infoHash, string? name, IReadOnlyList<string> trackers, IReadOnlyList<PeerAddress> peers)
    {
        this.text = text;
        InfoHash = infoHash;
        Name = name;
        Trackers = trackers;
        Peers = peers;
    }

    public InfoHash InfoHash { get; }

    /// <summary>The parameter <c>dn</c>: for an archive torrent the community id.</summary>
    public string? Name { get; }

    /// <summary>The parameters <c>tr</c>, in their order.</summary>
    public IReadOnlyList<string> Trackers { get; }

    /// <summary>The parameters <c>x.pe</c>: peers to ask first. Host names are passed over, only IP addresses count.</summary>
    public IReadOnlyList<PeerAddress> Peers { get; }

    /// <summary>The magnet of an archive torrent, byte for byte as status-go writes it.</summary>
    public static Magnetlink Of(InfoHash infoHash, CommunityId community, IEnumerable<string> trackers) =>
        Parse(
            $"magnet:?xt=urn:btih:{infoHash}&dn={community}"
                + string.Concat(trackers.Select(tracker => "&tr=" + Uri.EscapeDataString(tracker)))
        );

    /// <summary>
    /// The same magnet with more peers at its end, where status-go's torrent library finds them; at most <see cref="MaxPeers"/> in all.
    /// </summary>
    public Magnetlink WithPeers(IEnumerable<PeerAddress> peers) =>
        Parse(text + string.Concat(peers.Take(MaxPeers - Peers.Count).Select(peer => "&x.pe=" + peer)));

    public static Magnetlink Parse(string text, IFormatProvider? provider = null)
    {
        if (text.Length > MaxCharacters)
            throw new FormatException($"A magnet has at most {MaxCharacters} characters, not {text.Length}.");
        if (!text.StartsWith("magnet:?", StringComparison.OrdinalIgnoreCase))
            throw new FormatException("A magnet starts with magnet:?");
        InfoHash? infoHash = null;
        string? name = null;
        List<string> trackers = [];
        List<PeerAddress> peers = [];
        var parameters = text.AsSpan("magnet:?".Length);
        foreach (var range in parameters.Split('&'))
        {
            var part = parameters[range];
            var at = part.IndexOf('=');
            var value = at < 0 ? "" : Unescape(part[(at + 1)..]);
            switch (at < 0 ? part : part[..at])
            {
                case "xt" when value.StartsWith("urn:btih:", StringComparison.OrdinalIgnoreCase):
                    var found = ReadHash(value["urn:btih:".Length..]);
                    if (infoHash is not null && infoHash != found)
                        throw new FormatException("A magnet names one torrent, this one names two.");
                    infoHash = found;
                    break;
                case "dn":
                    name ??= value;
                    break;
                case "tr" when trackers.Count < MaxTrackers:
                    trackers.Add(value);
                    break;
                case "x.pe" when peers.Count < MaxPeers && PeerAddress.TryParse(value, null, out var peer):
                    peers.Add(peer);
                    break;
            }
        }
        return infoHash is null
            ? throw new FormatException("A magnet needs xt=urn:btih: and an info-hash.")
            : new Magnetlink(text, infoHash, name, trackers, peers);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out Magnetlink result)
    {
        result = null;
        try
        {
            result = text is null ? null : Parse(text);
        }
        catch (FormatException) { }
        return result is not null;
    }

    public bool Equals(Magnetlink? other) => other is not null && string.Equals(text, other.text, StringComparison.Ordinal);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;

    private static string Unescape(ReadOnlySpan<char> value) =>
        value.ContainsAny('%', '+') ? Uri.UnescapeDataString(value.ToString().Replace('+', ' ')) : value.ToString();

    private static InfoHash ReadHash(string hash) =>
        hash.Length switch
        {
            2 * InfoHash.HashBytes => InfoHash.Parse(hash),
            32 => InfoHash.FromBytes(FromBase32(hash)),
            _ => throw new FormatException("The info-hash of a magnet is 40 hexadecimal digits or 32 of base32."),
        };

    private static byte[] FromBase32(string text)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bytes = new byte[text.Length * 5 / 8];
        var (buffer, bits, next) = (0, 0, 0);
        foreach (var character in text)
        {
            var digit = alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0)
                throw new FormatException("The info-hash of a magnet has a character that is not base32.");
            buffer = ((buffer << 5) | digit) & 0xFFF;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes[next++] = (byte)(buffer >> bits);
        }
        return bytes;
    }
}
