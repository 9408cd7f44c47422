using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>A static shard of the Waku network, <c>/waku/2/rs/CLUSTER/INDEX</c> (51/WAKU2-RELAY-SHARDING).</summary>
[JsonConverter(typeof(ParsableStringConverter<PubsubTopic>))]
public sealed record PubsubTopic(ushort Cluster, ushort Index) : IParsable<PubsubTopic>
{
    /// <summary>Where communities without a shard of their own speak.</summary>
    public static readonly PubsubTopic Default = new(16, 32);

    public static PubsubTopic Parse(string text, IFormatProvider? provider = null) =>
        TryParse(text, provider, out var topic) ? topic : throw new FormatException("A pubsub topic is /waku/2/rs/CLUSTER/INDEX.");

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out PubsubTopic result)
    {
        var parts = text?.Split('/') ?? [];
        result =
            parts is ["", "waku", "2", "rs", var cluster, var index]
            && ushort.TryParse(cluster, NumberStyles.None, CultureInfo.InvariantCulture, out var c)
            && ushort.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
                ? new PubsubTopic(c, i)
                : null;
        return result is not null;
    }

    public override string ToString() => $"/waku/2/rs/{Cluster}/{Index}";
}
