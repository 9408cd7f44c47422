using System.Reflection;
using System.Runtime.InteropServices;

namespace EventArchive.Waku;

/// <summary>The entry points of libsecp256k1 (https://github.com/bitcoin-core/secp256k1) that are used here, and how the library is found.</summary>
internal static partial class Secp256k1Library
{
    public const int PublicKeyBytes = 64;
    public const int RecoverableSignatureBytes = 65;

    /// <summary>SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY, which versions before 0.2 need.</summary>
    public const uint SignAndVerify = 0x301;

    /// <summary>SECP256K1_EC_COMPRESSED.</summary>
    public const uint Compressed = 0x102;

    /// <summary>SECP256K1_EC_UNCOMPRESSED.</summary>
    public const uint Uncompressed = 0x002;

    /// <summary>Debian 12 has the first; the number rises with the library's ABI, and these calls are in all of them.</summary>
    private static readonly string[] Sonames =
    [
        "libsecp256k1.so.1",
        "libsecp256k1.so.2",
        "libsecp256k1.so.5",
        "libsecp256k1.so.6",
        "libsecp256k1.so.0",
        "libsecp256k1.so",
    ];

    private const string Name = "secp256k1";

    static Secp256k1Library() =>
        NativeLibrary.SetDllImportResolver(
            typeof(Secp256k1Library).Assembly,
            static (name, assembly, path) => name == Name ? Load(Sonames, assembly, path) : 0
        );

    /// <exception cref="DllNotFoundException">None of them is there; the message is the command that installs it.</exception>
    internal static nint Load(IEnumerable<string> sonames, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var soname in sonames)
        {
            if (NativeLibrary.TryLoad(soname, assembly, path, out var handle))
                return handle;
        }
        throw new DllNotFoundException("libsecp256k1 is not installed. On Debian: apt-get install libsecp256k1-1");
    }

    [LibraryImport(Name, EntryPoint = "secp256k1_context_create")]
    internal static partial nint CreateContext(uint flags);

    [LibraryImport(Name, EntryPoint = "secp256k1_context_randomize")]
    internal static partial int Randomize(nint context, ReadOnlySpan<byte> seed32);

    [LibraryImport(Name, EntryPoint = "secp256k1_ec_seckey_verify")]
    internal static partial int VerifyPrivateKey(nint context, ReadOnlySpan<byte> privateKey);

    [LibraryImport(Name, EntryPoint = "secp256k1_ec_pubkey_create")]
    internal static partial int CreatePublicKey(nint context, Span<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(Name, EntryPoint = "secp256k1_ec_pubkey_parse")]
    internal static partial int ParsePublicKey(nint context, Span<byte> publicKey, ReadOnlySpan<byte> input, nuint inputBytes);

    [LibraryImport(Name, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    internal static partial int SerializePublicKey(
        nint context,
        Span<byte> output,
        ref nuint outputBytes,
        ReadOnlySpan<byte> publicKey,
        uint flags
    );

    /// <summary>A zero <paramref name="nonceFunction"/> means RFC 6979; the result's s is never in the upper half.</summary>
    [LibraryImport(Name, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    internal static partial int SignRecoverable(
        nint context,
        Span<byte> signature,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> privateKey,
        nint nonceFunction,
        nint nonceData
    );

    [LibraryImport(Name, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    internal static partial int SerializeRecoverable(nint context, Span<byte> output64, out int recoveryId, ReadOnlySpan<byte> signature);

    [LibraryImport(Name, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    internal static partial int ParseRecoverable(nint context, Span<byte> signature, ReadOnlySpan<byte> input64, int recoveryId);

    [LibraryImport(Name, EntryPoint = "secp256k1_ecdsa_recover")]
    internal static partial int Recover(nint context, Span<byte> publicKey, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> hash);

    [LibraryImport(Name, EntryPoint = "secp256k1_ecdsa_signature_parse_compact")]
    internal static partial int ParseSignature(nint context, Span<byte> signature, ReadOnlySpan<byte> input64);

    [LibraryImport(Name, EntryPoint = "secp256k1_ecdsa_verify")]
    internal static partial int Verify(nint context, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> publicKey);
}
