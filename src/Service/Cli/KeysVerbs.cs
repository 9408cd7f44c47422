using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>The way in for a community's private key: standard input, so that it is in no shell history and no list of processes.</summary>
public static class KeysVerbs
{
    /// <summary>A key with 0x and some white space around it fits many times.</summary>
    private const int MaxInputCharacters = 1024;

    public static Command Create()
    {
        var import = new Command(
            "import",
            "Read a community's private key (64 hexadecimal digits) from standard input and keep it encrypted"
        );
        var ratchet = new Option<bool>("--ratchet")
        {
            Description =
                "Read a hash ratchet key of an encrypted community instead, or a list: JSON with communityId, key, timestamp, seqNo",
        };
        import.Options.Add(ratchet);
        import.SetAction(
            async (parsed, cancellation) =>
            {
                if (parsed.GetValue(ratchet))
                    return await ImportRatchet(parsed, cancellation);
                if (!Console.IsInputRedirected)
                    await Console.Error.WriteLineAsync("Type the private key (64 hexadecimal digits), Enter, then Ctrl+D.");
                var key = await Read(cancellation);
                var community = CommunityKey.IdOf(key);
                await using var stores = await Stores.Open(cancellation, withKeyRing: true);
                await stores.GetRequiredService<ICommunityKeys>().Import(community, key, cancellation);
                return Output.Write(
                    parsed,
                    new { communityId = community },
                    () => Console.WriteLine($"The key of community {community} is kept, encrypted.")
                );
            }
        );
        return new Command("keys", "The private keys of the communities this deployment controls") { import };
    }

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
        var text = (await StandardInput.Read("a private key, 64 hexadecimal digits", MaxInputCharacters, cancellation)).Trim();
        return Hex.Decode(
            text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text,
            "A private key",
            CommunityKey.PrivateKeyBytes
        );
    }
}
