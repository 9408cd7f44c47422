using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>
/// Names a hash ratchet key, in public: Keccak-256 of group id, timestamp (8 bytes, little endian) and key, as 0x and 64 lower-case hexadecimal
/// digits. Source: status-go.
/// </summary>
[JsonConverter(typeof(ParsableStringConverter<RatchetKeyId>))]
public sealed record RatchetKeyId : IParsable<RatchetKeyId>
{
    public const int HashBytes = 32;

    private readonly string text;

    private RatchetKeyId(string text) => this.text = text;

    public static RatchetKeyId Of(CommunityId community, ulong timestamp, ReadOnlySpan<byte> key)
    {
        Span<byte> named = stackalloc byte[CommunityId.KeyBytes + sizeof(ulong) + key.Length];
        community.ToKey().CopyTo(named);
        BinaryPrimitives.WriteUInt64LittleEndian(named[CommunityId.KeyBytes..], timestamp);
        key.CopyTo(named[(CommunityId.KeyBytes + sizeof(ulong))..]);
        var id = FromBytes(Keccak256.Hash(named));
        named.Clear();
        return id;
    }

    public static RatchetKeyId FromBytes(ReadOnlySpan<byte> hash) => Parse(Hex.Encode(hash));

    public static RatchetKeyId Parse(string text, IFormatProvider? provider = null)
    {
        _ = Hex.Decode(text, "The id of a ratchet key", HashBytes);
        return new RatchetKeyId(text.ToLowerInvariant());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out RatchetKeyId result)
    {
        result = null;
        try
        {
            result = text is null ? null : Parse(text);
        }
        catch (FormatException) { }
        return result is not null;
    }

    public byte[] ToBytes() => Hex.Decode(text, "The id of a ratchet key", HashBytes);

    public override string ToString() => text;
}
