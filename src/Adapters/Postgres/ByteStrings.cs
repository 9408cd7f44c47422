namespace EventArchive.Postgres;

/// <summary>Byte arrays as keys. The hash code is seeded anew in each process, so that nobody can choose hashes that fall together.</summary>
internal static class ByteStrings
{
    public static readonly IEqualityComparer<byte[]> Equality = EqualityComparer<byte[]>.Create(
        (a, b) => a.AsSpan().SequenceEqual(b),
        bytes =>
        {
            var code = new HashCode();
            code.AddBytes(bytes);
            return code.ToHashCode();
        }
    );
}
