using System.Diagnostics;
using System.Globalization;
using EventArchive.Archives;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace EventArchive.Tests.Contract;

/// <summary>A process that makes one cut of what is recorded, through the store and the tree of the service, and says what memory it took.</summary>
internal static class CutProcess
{
    /// <summary>The first argument of such a process.</summary>
    public const string Name = "cut";

    public const uint Week = 604_800;
    public const ulong Start = 1_700_006_400;

    private const string Database = "EVENTARCHIVE_CUT_DATABASE";

    private static readonly RatchetKey Key = new(EventSamples.Community, 1_700_000_000_123, new byte[32]);

    /// <returns>Messages in archives, and the most bytes that the process had resident (proc(5): VmHWM).</returns>
    public static async Task<(long Messages, long PeakBytes)> Measure(
        string database,
        string root,
        int weeks,
        bool encrypted,
        CancellationToken cancellation
    )
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Name, root, $"{weeks}", $"{encrypted}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[Database] = database;
        // As the service has it.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        using var process = ChildProcess.Start(start);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        process.ExitCode.ShouldBe(0, await error);
        var numbers = (await output).Split(' ').Select(Number).ToList();
        return (numbers[0], numbers[1]);
    }

    public static async Task<int> Run(string root, int weeks, bool encrypted)
    {
        await using var source = PostgresDataSource.Create(Environment.GetEnvironmentVariable(Database)!);
        var store = new PostgresMessageStore(source, TimeProvider.System);
        var keys = new InMemoryRatchetKeys();
        await keys.Import(Key, 0, CancellationToken.None);
        var tree = new ArchiveTree(new ArchiveTreeOptions { Root = root }, NullLogger<ArchiveTree>.Instance, keys);
        var (community, topics) = (EventSamples.Community, new[] { EventSamples.Topic });
        var plan = new CutPlan(community, Start, Start + ((ulong)weeks * Week), Week, topics, Parent: null, CommittedBytes: 0)
        {
            Sealing = encrypted ? new ArchiveSealing(Key.Id, FirstSeqNo: 1, EncryptedAfter: 0, ParentSealed: false) : null,
        };
        var outcome = await tree.Cut(
            plan,
            (window, token) => store.Read(community, topics, window.From, window.To, long.MaxValue, token),
            CancellationToken.None
        );
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kilobytes = Number(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        await Console.Out.WriteAsync($"{outcome.Made!.Messages} {kilobytes * 1024}");
        return 0;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
