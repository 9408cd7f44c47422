using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>
/// A cut of a community, of several megabytes, made by the command line on a copy of the tree that earlier ones left; and the same plan again,
/// as a restart has it.
/// </summary>
/// <param name="earlier">How many cuts there were; of none there is not even a folder.</param>
/// <param name="payloadBytes">Of each of its four messages.</param>
public abstract partial class BrokenCut(int earlier, int payloadBytes = 1_500_000) : IAsyncLifetime
{
    private const ulong Start = 1_700_000_000;
    private const uint Week = 604_800;
    private const string Community = "0x034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa";

    private readonly TempFolder folder = new();
    private string file = null!;
    private CutPlan plan = null!;
    private int copies;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The tree before the cut.</summary>
    public string Before => Path.Combine(folder.Path, "before");

    /// <summary>What an uninterrupted cut leaves.</summary>
    public IReadOnlyList<string> Whole { get; private set; } = null!;

    public string TorrentName => Community + ".torrent";

    public async ValueTask InitializeAsync()
    {
        for (var week = 0; week < earlier; week++)
            (await Verb.Run("archive", "build", WriteFile(week, bytes: 40_000), "--out", Before)).ShouldSucceed();
        file = WriteFile(earlier, payloadBytes);
        Directory.CreateDirectory(Before);
        var present = await Tree(Before).FindPresent(CommunityId.Parse(Community), Cancellation);
        var messages = MessageFile.Read(file);
        plan = new CutPlan(
            CommunityId.Parse(Community),
            messages.StartDate,
            messages.EndDate,
            messages.PartitionSeconds,
            messages.ContentTopics,
            present?.InfoHash,
            present is null ? 0 : TorrentFile.Read(present.TorrentFile).DataBytes
        );
        var whole = Copy();
        (await Verb.Run("archive", "build", file, "--out", whole)).ShouldSucceed();
        Whole = VectorFile.Snapshot(whole);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return default;
    }

    /// <summary>A copy of the tree before the cut.</summary>
    public string Copy(string? at = null)
    {
        var copy = at ?? Path.Combine(folder.Path, $"copy-{++copies}");
        foreach (var path in Directory.EnumerateFiles(Before, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Before, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
        return copy;
    }

    /// <summary>What an interrupted cut of more bytes left behind: the length of <c>data</c> has to be set.</summary>
    public static void LeaveTail(string root)
    {
        using var data = File.OpenWrite(Path.Combine(root, Community, "data"));
        data.SetLength(data.Length + 20_000_000);
    }

    internal Task<Verb> Run(string root) => Verb.Run("archive", "build", file, "--out", root);

    /// <summary>Runs the cut under strace with one fault; the calls of that name that it made are those of the log.</summary>
    /// <param name="call">pwrite64, fsync, rename…</param>
    /// <param name="injection">In strace's words, <c>signal=KILL:when=3</c>; null: only count.</param>
    internal async Task<(Verb Verb, IReadOnlyList<string> Calls)> RunUnderStrace(string root, string call, string? injection)
    {
        var log = Path.Combine(folder.Path, "strace.log");
        string[] inject = injection is null ? [] : ["-e", $"inject={call}:{injection}"];
        var start = new ProcessStartInfo(
            "strace",
            [
                "-f",
                "-qq",
                "-o",
                log,
                "-e",
                $"trace={call}",
                .. inject,
                "dotnet",
                ServiceNode.Program,
                "archive",
                "build",
                file,
                "--out",
                root,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Strace counts the calls of each thread: with one worker there is one count.
        start.Environment["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "1";
        start.Environment["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "1";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        // The runtime's own ftruncate, of memory that it maps twice.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = ChildProcess.Start(start);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        var calls = (await File.ReadAllLinesAsync(log, Cancellation)).Where(line => CallStart().IsMatch(line)).ToList();
        return (new Verb(process.ExitCode, await output, await error), calls);
    }

    /// <summary>Whatever happened, the torrent that is named is whole, and it is the one before or the new one.</summary>
    public async Task ShouldBeWhole(string root, string when)
    {
        // Killed before the first torrent there is none, and of a first cut perhaps no folder.
        if (earlier == 0 && !File.Exists(Path.Combine(root, TorrentName)))
            return;
        var tree = Tree(root);
        var torrent = (await tree.FindPresent(tree.ListCommunities().ShouldHaveSingleItem(when), Cancellation)).ShouldNotBeNull(when);
        (await tree.Find(torrent.CommunityId, torrent.InfoHash, Cancellation)).ShouldNotBeNull(when);
        foreach (var entry in await tree.ReadIndex(torrent, Cancellation))
            await tree.CountMessages(torrent, entry, Cancellation);
        var sha = VectorFile.Sha256(Path.Combine(root, TorrentName));
        var allowed = new[] { VectorFile.Snapshot(Before), Whole }.SelectMany(files => files);
        allowed.ShouldContain($"{TorrentName} {sha}", when);
    }

    /// <summary>The same plan again, in peace.</summary>
    public async Task ShouldEndEqual(string root, string when)
    {
        Directory.CreateDirectory(root);
        (await Tree(root).Cut(plan, MessageFile.Read(file).ReadMessages, Cancellation)).Made.ShouldNotBeNull(when);
        VectorFile.Snapshot(root).ShouldBe(Whole, when);
    }

    private static ArchiveTree Tree(string root) => new(new ArchiveTreeOptions { Root = root }, NullLogger<ArchiveTree>.Instance);

    private string WriteFile(int week, int bytes)
    {
        var path = Path.Combine(folder.Path, $"week-{week}.json");
        var start = Start + ((ulong)week * Week);
        var input = new
        {
            communityId = Community,
            chatIds = new[] { "general" },
            startDate = start,
            endDate = start + Week,
            partitionSeconds = Week / 2,
            messages = Enumerable
                .Range(0, 4)
                .Select(i => new
                {
                    sig = "0x04",
                    timestamp = start + ((ulong)i * Week / 4),
                    chatId = "general",
                    payload = "0x" + new string((char)('a' + week + i % 2), bytes * 2),
                    padding = "0x",
                    hash = $"0x{week:x2}{i:x62}",
                    thirdPartyId = "",
                }),
        };
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(input));
        return path;
    }

    [GeneratedRegex(@"\A\d+ +\w+\(", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CallStart();
}

/// <summary>The community's first: its folder and all files are new.</summary>
public sealed class FirstCut() : BrokenCut(earlier: 0);

/// <summary>A first one that is longer than what may be on its way to the disk.</summary>
public sealed class LongCut() : BrokenCut(earlier: 0, payloadBytes: 10_000_000);

/// <summary>One that goes on where three others ended, and removes what they left over.</summary>
public sealed class FourthCut() : BrokenCut(earlier: 3);
