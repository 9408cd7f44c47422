using System.CommandLine;
using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>Keys go out as files under a password.</summary>
public static partial class KeysVerbs
{
    private static Command Export()
    {
        var to = new Option<FileInfo>("--out")
        {
            Description = "The keystore file to write; it must not exist",
            HelpName = "FILE",
            Required = true,
        };
        var ratchet = new Option<bool>("--ratchet")
        {
            Description = "Write the community's hash ratchet keys instead, with their highest numbers",
        };
        var channel = Channel("Write the key of this channel of the community instead");
        var export = new Command("export", "Write a community's key into a keystore file, encrypted with a password from standard input")
        {
            Community,
            to,
            ratchet,
            channel,
        };
        export.SetAction(
            async (parsed, cancellation) =>
            {
                var (community, file) = (parsed.GetRequiredValue(Community), parsed.GetRequiredValue(to));
                var password = await Password("the password that is to encrypt the file", cancellation);
                if (password.Length < KeyCall.MinPasswordCharacters)
                    throw new FormatException($"The password has at least {KeyCall.MinPasswordCharacters} characters.");
                await using var stores = await Stores.Open(cancellation, withKeyRing: true);
                var (what, secret) = (parsed.GetValue(ratchet), parsed.GetValue(channel)) switch
                {
                    (true, _) => (
                        $"The hash ratchet keys of community {community} are",
                        await RatchetKeysOf(community, stores, cancellation)
                    ),
                    (_, { } topic) => (
                        $"The key of channel {topic} of community {community} is",
                        await ChannelKeyOf(community, topic, stores, cancellation)
                    ),
                    _ => (
                        $"The key of community {community} is",
                        await stores.GetRequiredService<ICommunityKeys>().Find(community, cancellation) ?? throw NotHere(community)
                    ),
                };
                await Write(file, KeystoreFile.Write(secret, password), cancellation);
                CryptographicOperations.ZeroMemory(secret);
                return Output.Write(
                    parsed,
                    new { communityId = community, file = file.FullName },
                    () => Console.WriteLine($"{what} in {file.FullName}, under the password.")
                );
            }
        );
        return export;
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
