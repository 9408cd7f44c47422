using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>The hash ratchet keys of encrypted communities.</summary>
public static partial class KeysVerbs
{
    private static async Task<int> ImportRatchet(ParseResult parsed, FileInfo? keystore, CancellationToken cancellation)
    {
        var keys = keystore is null
            ? RatchetKeyFile.Parse(await StandardInput.Read("hash ratchet keys as JSON", RatchetKeyFile.MaxCharacters, cancellation))
            : RatchetKeystore.Open(
                await Read(keystore, RatchetKeystore.MaxBytes, cancellation),
                await Password("the keystore file's password", cancellation)
            );
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

    private static async Task<byte[]> RatchetKeysOf(CommunityId community, ServiceProvider stores, CancellationToken cancellation) =>
        await RatchetKeystore.Collect(stores.GetRequiredService<IRatchetKeys>(), community, cancellation)
        ?? throw new ArgumentException($"No hash ratchet key of community {community} is kept here: see eventarchive keys list.");

    private static async Task<int> ForgetRatchet(
        ParseResult parsed,
        CommunityId community,
        RatchetKeyId id,
        bool sure,
        CancellationToken cancellation
    )
    {
        if (!sure)
            throw new ArgumentException(
                "Without the key what it encrypted cannot be opened here, and the next archives are encrypted with the community's next older key, "
                    + "if there is one. Import it again with the highest number used with it, or numbers are used twice: keys export --ratchet "
                    + "keeps that number too. Export, then say --yes."
            );
        await using var stores = await Stores.Open(cancellation);
        if (!await stores.GetRequiredService<IRatchetKeys>().Forget(community, id, cancellation))
            throw new ArgumentException($"No hash ratchet key {id} of community {community} is kept here: see eventarchive keys list.");
        return Output.Write(
            parsed,
            new { forgotten = community, keyId = id },
            () => Console.WriteLine($"The hash ratchet key {id} of community {community} is removed.")
        );
    }
}
