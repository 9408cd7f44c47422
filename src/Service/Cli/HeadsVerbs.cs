using System.CommandLine;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Signed heads of the store: what makes it visible that it was cut short or written anew.</summary>
public static class HeadsVerbs
{
    public static Command Create() =>
        new("heads", "Signed heads of the event store, for whoever keeps a copy elsewhere") { Sign(), Check() };

    private static Command Sign()
    {
        var sign = new Command("sign", "Verify the store, sign it as it stands, and print the signed head as JSON");
        sign.SetAction(
            async (_, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation, withKeyRing: true);
                var heads = stores.GetRequiredService<SignedHeads>();
                var signed = await ProgressBar.Show(
                    "counting",
                    bar => heads.Sign(total => bar.Step("verifying", total), bar, cancellation)
                );
                // With and without --json: it is a document to be kept.
                Console.WriteLine(signed.Json);
                return 0;
            }
        );
        return sign;
    }

    private static Command Check()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A signed head as heads sign printed it; - reads standard input; without it all that are stored",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var key = new Option<string?>("--key")
        {
            Description = "The public key that must have signed, base64 as publicKey in a head; without it this deployment's own",
            HelpName = "PUBLICKEY",
        };
        var check = new Command("check", "Hold signed heads against the store as it stands") { file, key };
        check.SetAction(
            async (parsed, cancellation) =>
            {
                var publicKey = parsed.GetValue(key) is { } text ? Key(text) : null;
                var given = parsed.GetValue(file) is { } path ? SignedHead.Parse(await Read(path, cancellation)) : null;
                await using var stores = await Stores.Open(cancellation, withKeyRing: publicKey is null);
                var heads = stores.GetRequiredService<SignedHeads>();
                var report = await ProgressBar.Show(
                    "counting",
                    bar => heads.Check(given, publicKey, total => bar.Step("verifying", total), bar, cancellation)
                );
                Output.Write(parsed, ToJson(report), () => Tell(report));
                return report.Whole ? 0 : throw new InvalidOperationException(Summary(report));
            }
        );
        return check;
    }

    private static async Task<string> Read(string path, CancellationToken cancellation)
    {
        if (path == "-")
            return await StandardInput.Read("a signed head", SignedHead.MaxCharacters, cancellation);
        return new FileInfo(path).Length <= SignedHead.MaxCharacters
            ? await File.ReadAllTextAsync(path, cancellation)
            : throw new FormatException($"{path} is too long to be a signed head.");
    }

    private static byte[] Key(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException fault)
        {
            throw new FormatException("--key is the base64 text that stands as publicKey in a signed head.", fault);
        }
    }

    private static object ToJson(HeadReport report) =>
        new
        {
            report.Whole,
            heads = report.Heads.Select(check => new
            {
                check.Head.Seq,
                check.Head.Time,
                check.Head.Events,
                check.Head.Streams,
                check.Head.Root,
                check.Faults,
            }),
            store = VerifyVerb.ToJson(report.Events),
        };

    private static void Tell(HeadReport report)
    {
        Output.WriteTable([
            [">seq_id", ">events", ">streams", "head"],
            .. report.Heads.Select(check =>
                (string[])
                    [
                        $"{check.Head.Seq}",
                        $"{check.Head.Events}",
                        $"{check.Head.Streams}",
                        check.Faults.Count == 0 ? "fits" : string.Join(" ", check.Faults),
                    ]
            ),
        ]);
        VerifyVerb.Tell(report.Events);
    }

    private static string Summary(HeadReport report) =>
        report.Heads.FirstOrDefault(check => check.Faults.Count > 0) is { } head
            ? $"The head of seq_id {head.Head.Seq} does not fit: {string.Join(" ", head.Faults)}"
            : VerifyVerb.Summary(report.Events, report.Events.First!);
}
