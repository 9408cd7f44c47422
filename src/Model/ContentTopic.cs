using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>The four bytes by which Status names a channel on Waku: the start of the Keccak-256 of its chat id. Text: 0x and 8 digits.</summary>
[JsonConverter(typeof(ParsableStringConverter<ContentTopic>))]
public sealed record ContentTopic : IParsable<ContentTopic>
{
    public const int TopicBytes = 4;

    private readonly string text;

    private ContentTopic(string text) => this.text = text;

    public static ContentTopic OfChat(string chatId) => FromBytes(Keccak256.Hash(Encoding.UTF8.GetBytes(chatId)).AsSpan(0, TopicBytes));

    public static ContentTopic FromBytes(ReadOnlySpan<byte> topic) => Parse(Hex.Encode(topic));

    public static ContentTopic Parse(string text, IFormatProvider? provider = null)
    {
        _ = Hex.Decode(text, "A content topic", TopicBytes);
        return new ContentTopic(text.ToLowerInvariant());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out ContentTopic result)
    {
        result = null;
        try
        {
            result = text is null ? null : Parse(text);
        }
        catch (FormatException) { }
        return result is not null;
    }

    /// <summary>The name on the network: <c>/waku/1/0x…/rfc26</c> (23/WAKU2-TOPICS).</summary>
    public string Name => $"/waku/1/{text}/rfc26";

    public byte[] ToBytes() => Hex.Decode(text, "A content topic");

    public override string ToString() => text;
}
