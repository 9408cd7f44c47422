using System.CommandLine;
using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>
/// The way in and out for a community's private key. A key in clear comes by standard input alone, so that it is in no shell history and no list
/// of processes; it goes out only as a keystore file under a password. The same holds for the hash ratchet keys of encrypted communities.
/// </summary>
public static partial class KeysVerbs
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
            result.AddError(CommunityForm("COMMUNITY"));
            return null;
        },
    };

    private static string CommunityForm(string name) => $"{name} is 0x and 66 hexadecimal digits, the first of them 02 or 03.";

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
                "Read a hash ratchet key of an encrypted community instead, or a list: JSON with communityId, key, timestamp, seqNo; or what "
                + "keys export --ratchet wrote",
        };
        var channel = Channel("Read the symmetric key of this channel instead, of a community that is kept by content topics alone");
        var community = new Option<CommunityId?>("--community")
        {
            Description = "The channel's community",
            HelpName = "ID",
            CustomParser = result =>
            {
                if (CommunityId.TryParse(result.Tokens[0].Value, null, out var id))
                    return id;
                result.AddError(CommunityForm("ID"));
                return null;
            },
        };
        var import = new Command(
            "import",
            "Read a community's private key (64 hexadecimal digits) from standard input and keep it encrypted"
        )
        {
            keystore,
            ratchet,
            channel,
            community,
        };
        import.SetAction(
            async (parsed, cancellation) =>
            {
                if (parsed.GetValue(ratchet))
                    return await ImportRatchet(parsed, parsed.GetValue(keystore), cancellation);
                var key = parsed.GetValue(keystore) is { } file ? await Open(file, cancellation) : await Read(cancellation);
                if (parsed.GetValue(channel) is { } topic)
                    return await ImportChannel(parsed, parsed.GetValue(community), topic, key, cancellation);
                var owner = CommunityKey.IdOf(key);
                await using var stores = await Stores.Open(cancellation, withKeyRing: true);
                await stores.GetRequiredService<ICommunityKeys>().Import(owner, key, cancellation);
                CryptographicOperations.ZeroMemory(key);
                return Output.Write(
                    parsed,
                    new { communityId = owner },
                    () => Console.WriteLine($"The key of community {owner} is kept, encrypted.")
                );
            }
        );
        return import;
    }

    private static Command List()
    {
        var list = new Command("list", "List the communities whose private keys are kept here, and hash ratchet and channel keys by name");
        list.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                var communities = await stores.GetRequiredService<ICommunityKeys>().List(cancellation);
                var ratchetKeys = await stores.GetRequiredService<IRatchetKeys>().List(cancellation);
                var channelKeys = await stores.GetRequiredService<TopicKeys>().List(cancellation);
                return Output.Write(
                    parsed,
                    new
                    {
                        communities,
                        ratchetKeys,
                        channelKeys,
                    },
                    () =>
                    {
                        foreach (var community in communities)
                            Console.WriteLine(community);
                        foreach (var key in ratchetKeys)
                            Console.WriteLine(
                                $"{key.CommunityId}  hash ratchet {key.KeyId}  timestamp {key.Timestamp}  highest number {key.SeqNo}"
                            );
                        foreach (var key in channelKeys)
                            Console.WriteLine($"{key.CommunityId}  channel {key.ContentTopic}");
                    }
                );
            }
        );
        return list;
    }

    private static Command Forget()
    {
        var sure = new Option<bool>("--yes") { Description = "It is meant: without an exported file the key is gone" };
        var ratchet = new Option<RatchetKeyId?>("--ratchet")
        {
            Description = "Remove this hash ratchet key of the community instead, by its id in keys list",
            HelpName = "KEY-ID",
            CustomParser = result =>
            {
                if (RatchetKeyId.TryParse(result.Tokens[0].Value, null, out var id))
                    return id;
                result.AddError("KEY-ID is 0x and 64 hexadecimal digits: see eventarchive keys list.");
                return null;
            },
        };
        var channel = Channel("Remove the key of this channel of the community instead");
        var forget = new Command("forget", "Remove a community's private key from the database") { Community, sure, ratchet, channel };
        forget.SetAction(
            async (parsed, cancellation) =>
            {
                var community = parsed.GetRequiredValue(Community);
                if (parsed.GetValue(ratchet) is { } ratchetKey)
                    return await ForgetRatchet(parsed, community, ratchetKey, parsed.GetValue(sure), cancellation);
                if (parsed.GetValue(channel) is { } topic)
                    return await ForgetChannel(parsed, community, topic, parsed.GetValue(sure), cancellation);
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
        var bytes = await Read(file, KeystoreFile.MaxBytes, cancellation);
        return KeystoreFile.Open(bytes, await Password("the keystore file's password", cancellation));
    }

    private static async Task<byte[]> Read(FileInfo file, int maxBytes, CancellationToken cancellation)
    {
        if (file.Exists && file.Length > maxBytes)
            throw new FormatException($"{file.FullName} is no keystore file: it has more than {maxBytes} bytes.");
        return await File.ReadAllBytesAsync(file.FullName, cancellation);
    }

    private static async Task<string> Password(string what, CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected)
            await Console.Error.WriteLineAsync($"Type {what}, Enter, then Ctrl+D.");
        return (await StandardInput.Read(what, MaxInputCharacters, cancellation)).TrimEnd('\r', '\n');
    }
}
