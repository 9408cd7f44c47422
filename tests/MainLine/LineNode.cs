using System.Net;
using EventArchive.Testing;

namespace EventArchive.Tests.MainLine;

/// <summary>One node of a line over its restarts. What is asked of it while it is down waits until it is up again.</summary>
public sealed class LineNode(ServiceNodeSettings settings) : IAsyncDisposable
{
    /// <summary>128 + SIGKILL, as a shell and .NET tell it.</summary>
    public const int KilledExitCode = 137;

    private static readonly TimeSpan OutcomeLimit = TimeSpan.FromSeconds(60);

    private readonly List<ServiceNode> processes = [];

    public ServiceNodeSettings Settings => settings;

    public NodeRecords Records { get; } = new(settings);

    /// <summary>The present process, or the last one.</summary>
    public ServiceNode Process => processes[^1];

    /// <param name="crashAt">The point at which the process kills itself; null: it runs on.</param>
    /// <param name="cancellation">Ends the start.</param>
    public async Task Start(string? crashAt, CancellationToken cancellation) =>
        processes.Add(await ServiceNode.Start(crashAt is null ? settings : settings with { Variables = KilledAt(crashAt) }, cancellation));

    /// <summary>Waits until the process has killed itself, and starts it again without a crash point.</summary>
    /// <exception cref="ServerFailedException">It did not die within the limit, or in another way.</exception>
    public async Task DieAndStartAgain(string point, TimeSpan limit, CancellationToken cancellation)
    {
        int code;
        try
        {
            code = await Process.Exit(limit, cancellation);
        }
        catch (ServerFailedException fault)
        {
            throw new ServerFailedException($"{settings.Name} never reached {point}.\n{fault.Message}");
        }
        if (code != KilledExitCode)
            throw new ServerFailedException($"{settings.Name} ended with {code} instead of dying at {point}.\n{Process.Tail}");
        await Start(crashAt: null, cancellation);
    }

    /// <summary>
    /// Sends a command until it is answered, always with the same id: where the process died, or its database was away, nobody knows whether it was
    /// handled.
    /// </summary>
    /// <exception cref="TimeoutException">There was no outcome in time.</exception>
    public async Task<ServiceOutcome> Command(string command, object body, Guid messageId, CancellationToken cancellation)
    {
        ServiceOutcome? outcome = null;
        await Deadline.Until($"{settings.Name} answers {command} {messageId}", Answered, OutcomeLimit, cancellation);
        return outcome!;

        async Task<bool> Answered()
        {
            var process = Process;
            try
            {
                await process.Send(command, body, cancellation, messageId);
                outcome = await process.FindOutcome(messageId, cancellation);
                return outcome is not null;
            }
            catch (HttpRequestException fault) when (fault.StatusCode is null or HttpStatusCode.ServiceUnavailable)
            {
                // The process is down; the next try may find its successor.
                return false;
            }
        }
    }

    /// <summary>Copies the node's log to .local/test-results, where whoever looks into a failure finds it.</summary>
    public void KeepLog(string name)
    {
        var results = Directory.CreateDirectory(Repository.File(".local", "test-results"));
        if (File.Exists(settings.LogFile))
            File.Copy(settings.LogFile, Path.Combine(results.FullName, $"{name}-{settings.Name}.log"), overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
            await process.DisposeAsync();
        await Records.DisposeAsync();
    }

    private static Dictionary<string, string> KilledAt(string step) =>
        new()
        {
            ["DOTNET_STARTUP_HOOKS"] = Repository.File(
                "tests",
                "CrashHook",
                "bin",
                new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
                "net10.0",
                "EventArchive.Tests.CrashHook.dll"
            ),
            ["CRASH_AT"] = step,
        };
}
