using Google.Protobuf;

namespace EventArchive.Waku;

/// <summary>Reads protobuf from strangers: nesting and size are bounded, and a fault is a sentence.</summary>
internal static class WireMessage
{
    public const int MaxNesting = 32;

    /// <param name="what">Names the message in errors, with its article: "A magnetlink message".</param>
    /// <exception cref="FormatException">It is too long or not protobuf.</exception>
    public static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, int maxBytes, string what)
        where T : IMessage<T>
    {
        if (bytes.Length > maxBytes)
            throw new FormatException($"{what} has at most {maxBytes} bytes, this one has {bytes.Length}.");
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        using var input = CodedInputStream.CreateWithLimits(stream, maxBytes, MaxNesting);
        try
        {
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new FormatException($"{what} is protobuf; these bytes are not: {fault.Message}", fault);
        }
    }
}
