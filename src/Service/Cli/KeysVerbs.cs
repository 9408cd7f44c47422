using System.CommandLine;
using System.Security.Cryptography;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>
/// The way in and out for a community's private key. A key in clear comes by standard input alone, so that it is in no shell history and no list
/// of processes; it goes out only as a keystore file under a password.
/// </summary>
public static class KeysVerbs
{
    /// <summary>A key with 0x and some white space around it fits many times, and so does a password.</summary>
    private const int MaxInputCharacters = 1024;

    private static readonly Argument<CommunityId> Community = new("COMMUNITY")
    {
        Description = "The community's id",
        CustomParser = result =>
        {
            if (CommunityId.TryParse(result.Tokens[0].Value, null, out var id))
                return id;
            result.AddError("COMMUNITY is 0x and 66 hexadecimal digits, the first of them 02 or 03.");
            return null;
        },
    };

    public static Command Create() =>
        new("keys", "The private keys of the communities this deployment controls") { Import(), List(), Export(), Forget() };

    private static Command Import()
    {
        var keystore = new Option<FileInfo>("--keystore")
        {
            Description = "Read the key from this keystore file (Web3 Secret Storage, version 3), and its password from standard input",
            HelpName = "FILE",
        };
        var ratchet = new Option<bool>("--ratchet")
        {
            Description =
                "Read a hash ratchet key of an encrypted community instead, or a list: JSON with communityId, key, timestamp, seqNo",
        };
        var import = new Command(
            "import",
            "Read a community's private key (64 hexadecimal digits) from standard input and keep it encrypted"
        )
        {
            keystore,
            ratchet,
        };
        import.SetAction(
            async (parsed, cancellation) =>
            {
                if (parsed.GetValue(ratchet))
                    return await ImportRatchet(parsed, cancellation);
                var key = parsed.GetValue(keystore) is { } file ? await Open(file, cancellation) : await Read(cancellation);
                var community = CommunityKey.IdOf(key);
                await using var stores = await Stores.Open(cancellation, withKeyRing: true);
                await stores.GetRequiredService<ICommunityKeys>().Import(community, key, cancellation);
                CryptographicOperations.ZeroMemory(key);
                return Output.Write(
                    parsed,
                    new { communityId = community },
                    () => Console.WriteLine($"The key of community {community} is kept, encrypted.")
                );
            }
        );
        return import;
    }

    private static Command List()
    {
        var list = new Command("list", "List the communities whose private keys are kept here");
        list.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                var communities = await stores.GetRequiredService<ICommunityKeys>().List(cancellation);
                return Output.Write(
                    parsed,
                    new { communities },
                    () =>
                    {
                        foreach (var community in communities)
                            Console.WriteLine(community);
                    }
                );
            }
        );
        return list;
    }

    private static Command Export()
    {
        var to = new Option<FileInfo>("--out")
        {
            Description = "The keystore file to write; it must not exist",
            HelpName = "FILE",
            Required = true,
        };
        var export = new Command("export", "Write a community's key into a keystore file, encrypted with a password from standard input")
        {
            Community,
            to,
        };
        export.SetAction(
            async (parsed, cancellation) =>
            {
                var (community, file) = (parsed.GetRequiredValue(Community), parsed.GetRequiredValue(to));
                var password = await Password("the password that is to encrypt the file", cancellation);
                if (password.Length < KeysApi.MinPasswordCharacters)
                    throw new FormatException($"The password has at least {KeysApi.MinPasswordCharacters} characters.");
                await using var stores = await Stores.Open(cancellation, withKeyRing: true);
                var key = await stores.GetRequiredService<ICommunityKeys>().Find(community, cancellation) ?? throw NotHere(community);
                await Write(file, KeystoreFile.Write(key, password), cancellation);
                CryptographicOperations.ZeroMemory(key);
                return Output.Write(
                    parsed,
                    new { communityId = community, file = file.FullName },
                    () => Console.WriteLine($"The key of community {community} is in {file.FullName}, under the password.")
                );
            }
        );
        return export;
    }

    private static Command Forget()
    {
        var sure = new Option<bool>("--yes") { Description = "It is meant: without an exported file the key is gone" };
        var forget = new Command("forget", "Remove a community's private key from the database") { Community, sure };
        forget.SetAction(
            async (parsed, cancellation) =>
            {
                var community = parsed.GetRequiredValue(Community);
                if (!parsed.GetValue(sure))
                    throw new ArgumentException("Without an exported file the key is gone for good: export it, then say --yes.");
                await using var stores = await Stores.Open(cancellation);
                if (!await stores.GetRequiredService<ICommunityKeys>().Forget(community, cancellation))
                    throw NotHere(community);
                return Output.Write(
                    parsed,
                    new { forgotten = community },
                    () => Console.WriteLine($"The key of community {community} is removed.")
                );
            }
        );
        return forget;
    }

    private static ArgumentException NotHere(CommunityId community) =>
        new($"No key of community {community} is kept here: see eventarchive keys list.");

    private static async Task<int> ImportRatchet(ParseResult parsed, CancellationToken cancellation)
    {
        var keys = RatchetKeyFile.Parse(await StandardInput.Read("hash ratchet keys as JSON", RatchetKeyFile.MaxCharacters, cancellation));
        await using var stores = await Stores.Open(cancellation, withKeyRing: true);
        foreach (var (key, seqNo) in keys)
            await stores.GetRequiredService<IRatchetKeys>().Import(key, seqNo, cancellation);
        return Output.Write(
            parsed,
            keys.Select(one => new { communityId = one.Key.CommunityId, keyId = one.Key.Id }),
            () =>
            {
                foreach (var (key, _) in keys)
                    Console.WriteLine($"The {key} is kept, encrypted.");
            }
        );
    }

    /// <exception cref="FormatException">It is not a key. Nothing of what was read is in the message.</exception>
    private static async Task<byte[]> Read(CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected)
            await Console.Error.WriteLineAsync("Type the private key (64 hexadecimal digits), Enter, then Ctrl+D.");
        var text = (await StandardInput.Read("a private key, 64 hexadecimal digits", MaxInputCharacters, cancellation)).Trim();
        return Hex.Decode(
            text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text,
            "A private key",
            CommunityKey.PrivateKeyBytes
        );
    }

    private static async Task<byte[]> Open(FileInfo file, CancellationToken cancellation)
    {
        if (file.Exists && file.Length > KeystoreFile.MaxBytes)
            throw new FormatException($"{file.FullName} is no keystore file: it has more than {KeystoreFile.MaxBytes} bytes.");
        var bytes = await File.ReadAllBytesAsync(file.FullName, cancellation);
        return KeystoreFile.Open(bytes, await Password("the keystore file's password", cancellation));
    }

    private static async Task<string> Password(string what, CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected)
            await Console.Error.WriteLineAsync($"Type {what}, Enter, then Ctrl+D.");
        return (await StandardInput.Read(what, MaxInputCharacters, cancellation)).TrimEnd('\r', '\n');
    }

    /// <summary>For its owner's eyes alone, and never over another file.</summary>
    private static async Task Write(FileInfo file, byte[] bytes, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file.FullName, options);
        await stream.WriteAsync(bytes, cancellation);
    }
}
