using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// A private key under a password, as Ethereum programs and Status keep it: Web3 Secret Storage, version 3. The key derivation is scrypt or PBKDF2,
/// the cipher AES-128 in counter mode, and Keccak-256 over half of the derived key and the ciphertext tells a wrong password.
/// </summary>
public static class KeystoreFile
{
    /// <summary>A file has some 500 bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Of PBKDF2: forty times what go-ethereum writes, some 5 s.</summary>
    public const int MaxIterations = 10_000_000;
    public const int MaxSaltBytes = 1024;

    private const string Cipher = "aes-128-ctr";
    private const int CipherKeyBytes = 16;
    private const int DerivedBytes = 32;

    // What go-ethereum writes as its standard: 256 MiB and about a second.
    private const int ScryptN = 262_144;
    private const int ScryptR = 8;
    private const int ScryptP = 1;

    /// <summary>One derivation at a time in a process: each may take <see cref="Scrypt.MaxMemoryBytes"/>.</summary>
    private static readonly Lock OneAtATime = new();

    /// <summary>The private key in it, 32 bytes.</summary>
    /// <exception cref="FormatException">It is no such file, or the password is not its. Nothing of the key or the password is in the message.</exception>
    public static byte[] Open(ReadOnlyMemory<byte> utf8, string password) => Open(utf8, password, MaxBytes, CommunityKey.PrivateKeyBytes);

    /// <summary>What else was put under a password, of any length.</summary>
    /// <param name="maxSecretBytes">More than this is not read.</param>
    /// <exception cref="FormatException">As above.</exception>
    public static byte[] OpenAny(ReadOnlyMemory<byte> utf8, string password, int maxSecretBytes) =>
        Open(utf8, password, MaxBytesFor(maxSecretBytes), secretBytes: null);

    /// <summary>The longest file with a secret of this length, in hexadecimal digits there.</summary>
    public static int MaxBytesFor(int secretBytes) => MaxBytes + (2 * secretBytes);

    private static byte[] Open(ReadOnlyMemory<byte> utf8, string password, int maxBytes, int? secretBytes)
    {
        if (utf8.Length > maxBytes)
            throw new FormatException($"A keystore file has at most {maxBytes} bytes.");
        try
        {
            using var json = JsonDocument.Parse(utf8, new() { MaxDepth = 8 });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Number(root, "version") != 3)
                throw new FormatException("A keystore file is a JSON object with version 3.");
            // Older programs wrote it with a capital.
            var crypto = root.TryGetProperty("Crypto", out var capital) ? capital : Member(root, "crypto", JsonValueKind.Object);
            return Decrypt(crypto, password, secretBytes);
        }
        catch (JsonException fault)
        {
            // The parser quotes what it met: a key in clear that was taken for a file must not come out of here.
            throw new FormatException(
                $"A keystore file is JSON; this is not (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})."
            );
        }
    }

    /// <summary>The file that holds a private key, or another secret, under a password, UTF-8.</summary>
    public static byte[] Write(ReadOnlySpan<byte> secret, string password)
    {
        var (salt, iv) = (RandomNumberGenerator.GetBytes(DerivedBytes), RandomNumberGenerator.GetBytes(CipherKeyBytes));
        var derived = DeriveByScrypt(password, salt, ScryptN, ScryptR, ScryptP, DerivedBytes);
        try
        {
            var ciphertext = Count(secret, derived.AsSpan(0, CipherKeyBytes), iv);
            return JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    version = 3,
                    id = Guid.NewGuid(),
                    crypto = new
                    {
                        cipher = Cipher,
                        cipherparams = new { iv = Convert.ToHexStringLower(iv) },
                        ciphertext = Convert.ToHexStringLower(ciphertext),
                        kdf = "scrypt",
                        kdfparams = new
                        {
                            dklen = DerivedBytes,
                            n = ScryptN,
                            r = ScryptR,
                            p = ScryptP,
                            salt = Convert.ToHexStringLower(salt),
                        },
                        mac = Convert.ToHexStringLower(Mac(derived, ciphertext)),
                    },
                }
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static byte[] Decrypt(JsonElement crypto, string password, int? secretBytes)
    {
        if (Text(crypto, "cipher") != Cipher)
            throw new FormatException($"A keystore file's cipher is {Cipher}.");
        var iv = Bytes(Member(crypto, "cipherparams", JsonValueKind.Object), "iv", CipherKeyBytes);
        var ciphertext = Bytes(crypto, "ciphertext", secretBytes);
        var mac = Bytes(crypto, "mac", DerivedBytes);
        var derived = Derive(Text(crypto, "kdf"), Member(crypto, "kdfparams", JsonValueKind.Object), password);
        try
        {
            return CryptographicOperations.FixedTimeEquals(Mac(derived, ciphertext), mac)
                ? Count(ciphertext, derived.AsSpan(0, CipherKeyBytes), iv)
                : throw new FormatException("The password is not the keystore file's, or the file is damaged.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static byte[] Derive(string kdf, JsonElement parameters, string password)
    {
        var salt = Bytes(parameters, "salt");
        var length = Number(parameters, "dklen");
        if (length is < DerivedBytes or > Scrypt.MaxKeyBytes || salt.Length > MaxSaltBytes)
            throw new FormatException(
                $"A keystore file's dklen is {DerivedBytes} to {Scrypt.MaxKeyBytes}, and its salt has at most {MaxSaltBytes} bytes."
            );
        switch (kdf)
        {
            case "scrypt":
                return DeriveByScrypt(
                    password,
                    salt,
                    Number(parameters, "n"),
                    Small(Number(parameters, "r")),
                    Small(Number(parameters, "p")),
                    (int)length
                );
            case "pbkdf2" when Text(parameters, "prf") == "hmac-sha256":
                var iterations = Number(parameters, "c");
                if (iterations is < 1 or > MaxIterations)
                    throw new FormatException($"A keystore file's c, the iterations of PBKDF2, is 1 to {MaxIterations}.");
                return Rfc2898DeriveBytes.Pbkdf2(password, salt, (int)iterations, HashAlgorithmName.SHA256, (int)length);
            default:
                throw new FormatException("A keystore file's kdf is scrypt, or pbkdf2 with the prf hmac-sha256.");
        }
    }

    private static byte[] DeriveByScrypt(string password, byte[] salt, long n, int r, int p, int length)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            lock (OneAtATime)
                return Scrypt.DeriveKey(bytes, salt, n, r, p, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>AES in counter mode, which .NET lacks: the key stream is the encrypted counter, big-endian from iv.</summary>
    private static byte[] Count(ReadOnlySpan<byte> input, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        using var aes = Aes.Create();
        aes.Key = key.ToArray();
        var counter = BinaryPrimitives.ReadUInt128BigEndian(iv);
        var output = input.ToArray();
        Span<byte> block = stackalloc byte[CipherKeyBytes];
        for (var at = 0; at < output.Length; at += block.Length)
        {
            BinaryPrimitives.WriteUInt128BigEndian(block, counter++);
            aes.EncryptEcb(block, block, PaddingMode.None);
            for (var i = 0; i < block.Length && at + i < output.Length; i++)
                output[at + i] ^= block[i];
        }
        return output;
    }

    private static byte[] Mac(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> ciphertext) =>
        Keccak256.Hash([.. derived[CipherKeyBytes..DerivedBytes], .. ciphertext]);

    private static JsonElement Member(JsonElement of, string name, JsonValueKind kind) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new FormatException($"The keystore file has no {name}, or one of another kind.");

    private static string Text(JsonElement of, string name) => Member(of, name, JsonValueKind.String).GetString()!;

    private static long Number(JsonElement of, string name) =>
        Member(of, name, JsonValueKind.Number).TryGetInt64(out var number)
            ? number
            : throw new FormatException($"The keystore file's {name} is a whole number.");

    private static int Small(long number) =>
        number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw new FormatException("The keystore file's r and p are small whole numbers.");

    /// <param name="length">Null: any.</param>
    private static byte[] Bytes(JsonElement of, string name, int? length = null)
    {
        var text = Text(of, name);
        var bytes = Hex.Decode(text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text, $"The keystore file's {name}");
        return length is null || bytes.Length == length
            ? bytes
            : throw new FormatException($"The keystore file's {name} has {length} bytes, this one has {bytes.Length}.");
    }
}
