using System.Buffers.Text;
using System.Text;

namespace EventArchive.Tests.Integration.Http;

/// <summary>The ways in which a key can stand somewhere: raw, as hexadecimal digits, as base64.</summary>
internal static class SecretForms
{
    public static bool AreIn(ReadOnlySpan<byte> bytes, byte[] key)
    {
        foreach (
            var form in (byte[][])
                [
                    key,
                    Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)),
                    Encoding.ASCII.GetBytes(Convert.ToHexString(key)),
                    Encoding.ASCII.GetBytes(Convert.ToBase64String(key)),
                    Encoding.ASCII.GetBytes(Base64Url.EncodeToString(key)),
                ]
        )
            if (bytes.IndexOf(form) >= 0)
                return true;
        return false;
    }
}
