namespace EventArchive.Archives;

/// <param name="Bytes">The content, if the field is length-delimited; else empty.</param>
/// <param name="Value">The number, if the field is a varint; else 0.</param>
internal readonly record struct ProtobufField(int Number, ReadOnlyMemory<byte> Bytes, ulong Value = 0);

/// <summary>
/// Walks the top-level fields of a protobuf message without making objects of them, so that a list of a million tiny parts costs nothing until
/// each is looked at.
/// </summary>
internal sealed class ProtobufFields(ReadOnlyMemory<byte> bytes)
{
    private int position;

    /// <exception cref="FormatException">The bytes are not protobuf.</exception>
    public static IEnumerable<ProtobufField> All(ReadOnlyMemory<byte> bytes)
    {
        var fields = new ProtobufFields(bytes);
        while (fields.Next() is { } field)
            yield return field;
    }

    /// <summary>Null at the end.</summary>
    /// <exception cref="FormatException">The bytes are not protobuf.</exception>
    public ProtobufField? Next()
    {
        if (position == bytes.Length)
            return null;
        var tag = ReadVarint();
        var number = tag >> 3;
        if (number is 0 or > (1 << 29) - 1)
            throw new FormatException($"Byte {position}: a field has the number {number}.");
        switch (tag & 7)
        {
            case 0:
                return new((int)number, default, ReadVarint());
            case 1:
                return Skip((int)number, 8) with { Bytes = default };
            case 2:
                return Skip((int)number, ReadVarint());
            case 5:
                return Skip((int)number, 4) with { Bytes = default };
            default:
                throw new FormatException($"Byte {position}: wire type {tag & 7} is not used in this format.");
        }
    }

    private ProtobufField Skip(int number, ulong length)
    {
        if (length > (ulong)(bytes.Length - position))
            throw new FormatException($"Byte {position}: {length} bytes are announced and {bytes.Length - position} are there.");
        var content = bytes.Slice(position, (int)length);
        position += (int)length;
        return new(number, content);
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position == bytes.Length)
                throw new FormatException($"Byte {position}: the data ends inside a number.");
            var part = bytes.Span[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new FormatException($"Byte {position}: a number has more than 64 bits.");
    }
}
