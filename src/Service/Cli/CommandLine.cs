using System.CommandLine;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.BitTorrent;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>
/// The verbs of <c>eventarchive</c>. Each prints a readable text, or with --json one JSON value on standard output; a failure is one line
/// on standard error that says what to do, and exit code 1 (2: a setting or an argument is wrong; 130: stopped by a signal).
/// </summary>
public static class CommandLine
{
    public static readonly Option<bool> JsonOption = new("--json") { Description = "Print JSON on standard output", Recursive = true };

    /// <summary>What a signal leaves for an orderly end: longer than the service's own limit of 10 s, so that it is never cut off.</summary>
    private static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("Keeps the message history of Status communities: cut, seed, announce, follow, import.")
        {
            JsonOption,
            ServeVerb.Create(),
            DatabaseVerbs.Create(),
            ProjectionsVerbs.Create(),
            KeysVerbs.Create(),
            ApiKeysVerbs.Create(),
            MessagesVerbs.Create(),
            GapsVerb.Create(),
            SendVerb.Create(),
            ArchiveVerbs.Create(),
            SeedVerb.Create(),
            SeedingVerbs.Seeding(),
            SeedingVerbs.Nodes(),
            DownloadVerb.Create(),
            MagnetlinkVerbs.Create(),
            VerifyVerb.Create(),
            HeadsVerbs.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail($"{FaultOf(parsed)} See eventarchive {PathOf(parsed)}--help.", 2);
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationLimit }
            );
        }
        catch (InvalidOptionsException fault)
        {
            foreach (var line in fault.Faults)
                Fail(line, 2);
            return 2;
        }
        catch (JsonException fault)
        {
            return Fail(JsonFault.Tell(fault), 1);
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
                or DbException
                or CryptographicException
                or HttpRequestException
                or TimeoutException
                or InvalidOperationException
                or UnusableCommunityException
                or RejectedTorrentException
                or UnreadableArchiveException
                or RatchetKeyMissingException
                or TorrentException
                or TorrentLibraryException
                or BrokerException
                or WakuException;

    /// <summary>A word that means nothing here explains what is missing elsewhere: it comes first.</summary>
    private static string FaultOf(ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0
            ? $"'{parsed.UnmatchedTokens[0]}' is not a command, an argument or an option here."
            : parsed.Errors[0].Message;

    /// <summary>The words up to the command that was understood: its help is the one that helps.</summary>
    private static string PathOf(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult parent; at = parent)
            words.Push(at.Command.Name);
        return string.Concat(words.Select(word => word + " "));
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine("eventarchive: " + message.ReplaceLineEndings(" "));
        return code;
    }
}
