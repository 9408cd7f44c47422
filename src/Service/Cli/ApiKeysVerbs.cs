using System.CommandLine;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Who may speak to the service over HTTP.</summary>
public static class ApiKeysVerbs
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Whose key it is" };
        var create = new Command("create", "Make an API key and print it; it is not shown again") { name };
        create.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                var key = await stores.GetRequiredService<ApiKeys>().Create(parsed.GetRequiredValue(name), cancellation);
                return Output.Write(parsed, new { name = parsed.GetRequiredValue(name), key }, () => Console.WriteLine(key));
            }
        );
        var list = new Command("list", "List the API keys by name");
        list.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                var keys = await stores.GetRequiredService<ApiKeys>().List(cancellation);
                return Output.Write(
                    parsed,
                    new { keys },
                    () =>
                        Output.WriteTable([
                            ["NAME", "MADE AT"],
                            .. keys.Select(key => (string[])[key.Name, $"{key.MadeAt:u}"]),
                        ])
                );
            }
        );
        var revoke = new Command("revoke", "Take an API key back, at once") { name };
        revoke.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                if (!await stores.GetRequiredService<ApiKeys>().Revoke(parsed.GetRequiredValue(name), cancellation))
                    throw new ArgumentException(
                        $"There is no API key of the name {parsed.GetRequiredValue(name)}: see eventarchive apikeys list."
                    );
                return Output.Write(
                    parsed,
                    new { revoked = parsed.GetRequiredValue(name) },
                    () => Console.WriteLine($"The API key of {parsed.GetRequiredValue(name)} is revoked.")
                );
            }
        );
        return new Command("apikeys", "The keys of those who may speak to the service over HTTP") { create, list, revoke };
    }
}
