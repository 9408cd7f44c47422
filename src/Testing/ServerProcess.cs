using System.Diagnostics;
using System.Threading.Channels;

namespace EventArchive.Testing;

/// <summary>
/// A child process that keeps running: its output goes to a log file and can be waited for line by line. Its standard input is a pipe
/// that closes when this process ends, in whatever way, so a child that watches it can end too. Disposing kills it and its children.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 10_000;
    private const int TailLines = 20;
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly Process process;
    private readonly string program;
    private StreamWriter? log;
    private readonly Queue<string> tail = new();
    private readonly Channel<string> lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(KeptLines) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly Task reading;
    private bool disposed;

    private ServerProcess(ProcessStartInfo start, string? logFile)
    {
        program = start.FileName;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = ChildProcess.Start(start);
        log = logFile is null ? null : new StreamWriter(logFile, append: true) { AutoFlush = true };
        reading = Task.WhenAll(Read(process.StandardOutput, lines.Writer), Read(process.StandardError, null));
    }

    /// <summary>Starts the program; <paramref name="logFile"/> receives both of its outputs, appended.</summary>
    public static ServerProcess Start(ProcessStartInfo start, string? logFile = null) => new(start, logFile);

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>The last lines of both outputs, for an error message.</summary>
    public string Tail
    {
        get
        {
            lock (tail)
                return string.Join('\n', tail);
        }
    }

    /// <summary>The next line of standard output for which <paramref name="wanted"/> is true; lines before it are passed over.</summary>
    /// <exception cref="ServerFailedException">The process ended first, or the limit passed.</exception>
    public async Task<string> Line(Func<string, bool> wanted, TimeSpan limit, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limit);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(limited.Token))
            {
                if (wanted(line))
                    return line;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ServerFailedException($"{program} did not print the expected line in {limit.TotalSeconds:0.#} s.\n{Tail}");
        }
        throw new ServerFailedException($"{program} ended before it printed the expected line.\n{Tail}");
    }

    public void Send(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Waits for the end of the process and returns its exit code.</summary>
    /// <exception cref="ServerFailedException">It still ran after the limit.</exception>
    public async Task<int> Exit(TimeSpan limit, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ServerFailedException($"{program} (pid {Id}) still ran after {limit.TotalSeconds:0.#} s.\n{Tail}");
        }
        return process.ExitCode;
    }

    /// <summary>Ends the process and its children at once (SIGKILL).</summary>
    public void Kill()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        Kill();
        await Exit(ExitLimit, CancellationToken.None);
        // A grandchild that left the tree may hold the pipes open: the log does not wait for it.
        await Task.WhenAny(reading, Task.Delay(DrainLimit));
        lock (tail)
        {
            log?.Dispose();
            log = null;
        }
        process.Dispose();
    }

    private async Task Read(StreamReader reader, ChannelWriter<string>? writer)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (tail)
            {
                log?.WriteLine(line);
                tail.Enqueue(line);
                if (tail.Count > TailLines)
                    tail.Dequeue();
            }
            writer?.TryWrite(line);
        }
        writer?.Complete();
    }
}
