using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using EventArchive.Handlers;

namespace EventArchive.Service;

/// <summary>
/// The verbs of <c>eventarchive</c>. Each prints a readable text, or with --json one JSON value on standard output; a failure is one line
/// on standard error that says what to do, and exit code 1 (2: a setting or an argument is wrong).
/// </summary>
public static class CommandLine
{
    public static readonly Option<bool> JsonOption = new("--json") { Description = "Print JSON on standard output", Recursive = true };

    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("Keeps the message history of Status communities: cut, seed, announce, follow, import.")
        {
            JsonOption,
            ServeVerb.Create(),
            DatabaseVerbs.Create(),
            KeysVerbs.Create(),
            MessagesVerbs.Create(),
            SendVerb.Create(),
            ArchiveVerbs.Create(),
            TorrentVerbs.Seed(),
            TorrentVerbs.Download(),
            MagnetlinkVerbs.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail($"{parsed.Errors[0].Message} See eventarchive --help.", 2);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (InvalidOptionsException fault)
        {
            foreach (var line in fault.Faults)
                Fail(line, 2);
            return 2;
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            return Fail(fault.Message, 1);
        }
        catch (OperationCanceledException)
        {
            return Fail("stopped", 130);
        }
    }

    private static bool IsExpected(Exception fault) =>
        fault
            is FormatException
                or ArgumentException
                or IOException
                or UnauthorizedAccessException
                or JsonException
                or DbException
                or HttpRequestException
                or TimeoutException
                or InvalidOperationException
                or RejectedTorrentException
                or UnreadableArchiveException
                or TorrentException
                or WakuException;

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine("eventarchive: " + message.ReplaceLineEndings(" "));
        return code;
    }
}
