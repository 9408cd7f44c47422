using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Postgres;

/// <summary>A head, and the signature that an outsider can check without this service (docs/integrity.md).</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo of a key on P-256, DER.</param>
/// <param name="Signature">ECDSA with SHA-256 over the canonical JSON of the head, DER.</param>
/// <param name="Json">The whole as one line: what was printed and stored.</param>
public sealed record SignedHead(Head Head, byte[] PublicKey, byte[] Signature, string Json)
{
    /// <summary>A head takes some 500 characters.</summary>
    public const int MaxCharacters = 16 * 1024;

    /// <summary>The bytes that are signed.</summary>
    private byte[] Signed { get; init; } = [];

    public static SignedHead Sign(Head head, ECDsa key)
    {
        var signed = CanonicalJson.Of(Encoding.UTF8.GetBytes(head.ToJson()));
        var publicKey = key.ExportSubjectPublicKeyInfo();
        var signature = key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new SignedHead(
            head,
            publicKey,
            signature,
            $$"""{"head":{{Encoding.UTF8.GetString(signed)}},"publicKey":"{{Convert.ToBase64String(publicKey)}}","signature":"{{Convert.ToBase64String(signature)}}"}"""
        )
        {
            Signed = signed,
        };
    }

    /// <exception cref="FormatException">It is no signed head.</exception>
    public static SignedHead Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var head = root.GetProperty("head");
            return new SignedHead(
                Head.Read(head),
                root.GetProperty("publicKey").GetBytesFromBase64(),
                root.GetProperty("signature").GetBytesFromBase64(),
                json.Trim()
            )
            {
                Signed = CanonicalJson.Of(Encoding.UTF8.GetBytes(head.GetRawText())),
            };
        }
        catch (JsonException fault)
        {
            throw new FormatException($"This is no signed head as eventarchive heads sign prints it: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(
                "This is no signed head as eventarchive heads sign prints it: it lacks head, publicKey or signature, or one is of another kind.",
                fault
            );
        }
    }

    /// <summary>Whether the signature is that of this key.</summary>
    /// <exception cref="FormatException">It is no public key on P-256.</exception>
    public bool IsSignedBy(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key.VerifyData(Signed, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException fault)
        {
            throw new FormatException("A public key is the base64 text of a SubjectPublicKeyInfo, as publicKey in a signed head.", fault);
        }
    }
}
