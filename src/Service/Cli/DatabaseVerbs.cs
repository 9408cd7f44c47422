using System.CommandLine;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>The event store's database.</summary>
public static class DatabaseVerbs
{
    private static readonly Option<bool> Agreed = new("--yes")
    {
        Description = "Migrate a database of the release before, from which there is no way back, and drop what this program does not know",
    };

    public static Command Create()
    {
        var apply = new Command("apply", "Create or migrate the tables; safe to run again") { Agreed };
        apply.SetAction(Apply);
        var assert = new Command("assert", "List how the tables differ from what this program expects; exit code 1 when they do");
        assert.SetAction(Assert);
        var script = new Command("script", "Print the SQL that apply runs on an empty database");
        script.SetAction(parsed => Output.Write(parsed, new { sql = Database.Script }, () => Console.WriteLine(Database.Script)));
        return new Command("db", "The event store's database") { apply, assert, script };
    }

    private static async Task<int> Apply(ParseResult parsed, CancellationToken cancellation)
    {
        await using var stores = Stores.Create();
        var database = stores.GetRequiredService<Database>();
        await Stores.Reach(async () =>
        {
            try
            {
                await database.Apply(parsed.GetValue(Agreed), cancellation);
            }
            catch (ApplyNotAgreedException question) when (!Console.IsInputRedirected)
            {
                await Console.Error.WriteAsync($"{question.What} Go on? [y/N] ");
                if (!string.Equals(Console.ReadLine()?.Trim(), "y", StringComparison.OrdinalIgnoreCase))
                    throw;
                await database.Apply(agreed: true, cancellation);
            }
        });
        return Output.Write(
            parsed,
            new { applied = true, version = Database.Version },
            () => Console.WriteLine($"The tables are there and up to date, at schema version {Database.Version}.")
        );
    }

    private static async Task<int> Assert(ParseResult parsed, CancellationToken cancellation)
    {
        await using var stores = Stores.Create();
        IReadOnlyList<string> differences = [];
        await Stores.Reach(async () => differences = await stores.GetRequiredService<Database>().Differences(cancellation));
        Output.Write(
            parsed,
            new
            {
                version = Database.Version,
                asExpected = differences.Count == 0,
                differences,
            },
            () =>
            {
                foreach (var line in differences.DefaultIfEmpty($"The tables are as expected, at schema version {Database.Version}."))
                    Console.WriteLine(line);
            }
        );
        return differences.Count == 0
            ? 0
            : throw new InvalidOperationException(
                $"The database differs from what is expected ({differences.Count} found). Run eventarchive db apply, which makes what is missing "
                    + "and renews the functions, and asks before it drops something; change the rest by hand, as eventarchive db script shows it."
            );
    }
}
