using System.CommandLine;

namespace EventArchive.Service;

/// <summary>The event store's database.</summary>
public static class DatabaseVerbs
{
    public static Command Create()
    {
        var apply = new Command("apply", "Create or migrate the tables; safe to run again");
        apply.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                return Output.Write(parsed, new { applied = true }, () => Console.WriteLine("The tables are there and up to date."));
            }
        );
        return new Command("db", "The event store's database") { apply };
    }
}
