using System.Security.Cryptography;
using System.Text;

namespace EventArchive.Model;

/// <summary>Name-based UUIDs (version 5, RFC 9562): the same cause gives the same id, so a repeat is recognised.</summary>
public static class DerivedId
{
    public static Guid From(Guid cause, string name)
    {
        byte[] input = [.. cause.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)];
#pragma warning disable CA5350 // RFC 9562 prescribes SHA-1 here; nothing relies on it being collision-free.
        var id = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        id[6] = (byte)((id[6] & 0x0F) | 0x50);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
