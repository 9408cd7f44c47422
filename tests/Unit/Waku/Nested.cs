namespace EventArchive.Tests.Waku;

/// <summary>Protobuf that is deep and small: groups (field 9) opened within each other.</summary>
internal static class Nested
{
    public static byte[] Groups(int depth) => [.. Enumerable.Repeat((byte)0x4B, depth), .. Enumerable.Repeat((byte)0x4C, depth)];
}
