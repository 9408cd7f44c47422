using System.CommandLine;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Service;

public static class KeysVerbs
{
    public static Command Create()
    {
        var import = new Command(
            "import",
            "Read a community's private key (64 hexadecimal digits) from standard input and keep it encrypted"
        );
        import.SetAction(
            async (parsed, cancellation) =>
            {
                var text = (await Console.In.ReadToEndAsync(cancellation)).Trim();
                var key = Hex.Decode(text.StartsWith("0x") ? text : "0x" + text, "A private key", CommunityKey.PrivateKeyBytes);
                var community = CommunityKey.IdOf(key);
                await using var stores = await Stores.Open(cancellation);
                await stores.GetRequiredService<ICommunityKeys>().Import(community, key, cancellation);
                return Output.Write(parsed, new { communityId = community });
            }
        );
        return new Command("keys", "The private keys of the communities this deployment controls") { import };
    }
}
