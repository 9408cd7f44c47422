using System.Buffers;

namespace EventArchive.Events;

/// <summary>One pass without an allocation over valid UTF-8. Whatever it does not recognise as canonical fails the proof.</summary>
internal ref struct CanonicalProof(ReadOnlySpan<byte> json)
{
    /// <summary>Where a run of plain text ends: quote, backslash, control characters.</summary>
    private static readonly SearchValues<byte> EndsRun = SearchValues.Create([
        (byte)'"',
        (byte)'\\',
        .. Enumerable.Range(0, 0x20).Select(b => (byte)b),
    ]);

    private readonly ReadOnlySpan<byte> json = json;
    private int at;

    public bool Holds() => Value(depth: 0) && at == json.Length;

    private bool Value(int depth)
    {
        if (at >= json.Length)
            return false;
        switch (json[at])
        {
            case (byte)'"':
                return Text();
            case (byte)'{':
                return depth < CanonicalJson.MaxDepth && Members(depth + 1);
            case (byte)'[':
                return depth < CanonicalJson.MaxDepth && Elements(depth + 1);
            case (byte)'n':
                return Literal("null"u8);
            case (byte)'t':
                return Literal("true"u8);
            case (byte)'f':
                return Literal("false"u8);
            default:
                return Integer();
        }
    }

    private bool Members(int depth)
    {
        at++;
        if (Take((byte)'}'))
            return true;
        ReadOnlySpan<byte> before = default;
        do
        {
            if (!Name(out var name) || (!before.IsEmpty && before.SequenceCompareTo(name) >= 0) || !Take((byte)':') || !Value(depth))
                return false;
            before = name;
        } while (Take((byte)','));
        return Take((byte)'}');
    }

    private bool Elements(int depth)
    {
        at++;
        if (Take((byte)']'))
            return true;
        do
        {
            if (!Value(depth))
                return false;
        } while (Take((byte)','));
        return Take((byte)']');
    }

    /// <summary>With its quotes cut at the end only, so that it is never empty. Bytes order as UTF-16 does in ASCII alone.</summary>
    private bool Name(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (at >= json.Length || json[at] != (byte)'"')
            return false;
        var length = json[(at + 1)..].IndexOfAny(EndsRun);
        if (length < 0 || json[at + 1 + length] != (byte)'"')
            return false;
        name = json.Slice(at, length + 1);
        at += length + 2;
        return System.Text.Ascii.IsValid(name);
    }

    private bool Text()
    {
        at++;
        while (true)
        {
            var run = json[at..].IndexOfAny(EndsRun);
            if (run < 0)
                return false;
            at += run + 1;
            if (json[at - 1] == (byte)'"')
                return true;
            if (json[at - 1] != (byte)'\\' || at == json.Length || !"\"\\bfnrt"u8.Contains(json[at]))
                return false;
            at++;
        }
    }

    private bool Integer()
    {
        var negative = Take((byte)'-');
        var start = at;
        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
            at++;
        var digits = at - start;
        if (digits is 0 or > CanonicalJson.MaxIntegerDigits || (json[start] == (byte)'0' && (digits > 1 || negative)))
            return false;
        // A fraction or an exponent fails here, where a comma or the end is wanted.
        return at == json.Length || json[at] is (byte)',' or (byte)'}' or (byte)']';
    }

    private bool Literal(ReadOnlySpan<byte> literal)
    {
        if (!json[at..].StartsWith(literal))
            return false;
        at += literal.Length;
        return true;
    }

    private bool Take(byte wanted)
    {
        if (at >= json.Length || json[at] != wanted)
            return false;
        at++;
        return true;
    }
}
