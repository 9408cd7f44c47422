using System.Diagnostics;
using System.Globalization;

namespace EventArchive.Testing;

/// <summary>
/// Runs a server under a small shell in a session of its own. The shell takes orders over a pipe from this process; when the pipe closes,
/// because of a dispose, an exit or a kill of this process, it stops the server and removes its folder.
/// </summary>
internal sealed class Guard : IAsyncDisposable
{
    // "$1" the folder to remove, "$2" the log file, "$3" the signal of the last stop, then the server's command line. The server gets a
    // process group of its own, so that a KILL takes all that it left. A database's own children end by themselves when it is gone, and
    // may write into the folder until then: hence the tries.
    private const string Script = """
        folder=$1 log=$2 last=$3 server=
        shift 3
        stop() {
          [ -n "$server" ] || return 0
          kill -s "$1" "$server" 2>/dev/null
          wait "$server" 2>/dev/null
          kill -s KILL -- "-$server" 2>/dev/null
          server=
        }
        while read -r verb signal; do
          case $verb in
            start) setsid "$@" </dev/null >>"$log" 2>&1 & server=$!; echo "started $server" ;;
            stop) stop "$signal"; echo stopped ;;
          esac
        done
        stop "$last"
        tries=0
        until rm -rf -- "$folder" 2>/dev/null || [ "$tries" -ge 100 ]; do
          tries=$((tries + 1))
          sleep 0.1
        done
        """;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private const int LogTailLines = 15;

    private readonly ServerProcess shell;
    private readonly string name;
    private readonly string log;

    private Guard(ServerProcess shell, string name, string log)
    {
        this.shell = shell;
        this.name = name;
        this.log = log;
    }

    /// <summary>The server's process id; 0 while it is stopped.</summary>
    public int ServerId { get; private set; }

    public static Guard Over(string name, PrivateFolder folder, string? logFile, string lastSignal, IEnumerable<string> server)
    {
        var path = logFile is null ? Path.Combine(folder.Path, "log") : Path.GetFullPath(logFile);
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script, "guard", folder.Path, path, lastSignal, .. server])
        {
            WorkingDirectory = "/",
        };
        return new Guard(ServerProcess.Start(start), name, path);
    }

    public async Task Start(CancellationToken cancellation)
    {
        shell.Send("start");
        var answer = await shell.Line(line => line.StartsWith("started "), AnswerLimit, cancellation);
        ServerId = int.Parse(answer["started ".Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the signal and waits for the end; a server that does not end within the limit is killed and reported.</summary>
    public async Task Stop(string signal, TimeSpan limit, CancellationToken cancellation)
    {
        if (ServerId == 0)
            return;
        shell.Send($"stop {signal}");
        try
        {
            await shell.Line(line => line == "stopped", limit, cancellation);
        }
        catch (ServerFailedException)
        {
            KillServer();
            await shell.Line(line => line == "stopped", AnswerLimit, cancellation);
            throw new ServerFailedException(
                $"{name} did not stop within {limit.TotalSeconds:0} s after SIG{signal} and was killed.\n{LogTail()}"
            );
        }
        finally
        {
            ServerId = 0;
        }
    }

    /// <summary>Waits until the started server answers.</summary>
    /// <exception cref="ServerFailedException">It ended, or did not answer in time; with the end of its log.</exception>
    public async Task Ready(Func<Task<bool>> answers, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await Deadline.Until($"{name} answers", async () => Alive() && await answers(), limit, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new ServerFailedException($"{late.Message}\n{LogTail()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        shell.CloseInput();
        try
        {
            await shell.Exit(AnswerLimit, CancellationToken.None);
        }
        finally
        {
            KillServer();
            await shell.DisposeAsync();
        }
    }

    private bool Alive()
    {
        // A server that has ended stays a zombie until the shell waits for it: state Z, the first field behind the name in brackets.
        var status = File.ReadAllText($"/proc/{ServerId}/stat");
        return status[status.LastIndexOf(')') + 2] != 'Z'
            ? true
            : throw new ServerFailedException($"{name} ended at its start.\n{LogTail()}");
    }

    private void KillServer()
    {
        if (ServerId == 0)
            return;
        try
        {
            using var server = Process.GetProcessById(ServerId);
            server.Kill();
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
        ServerId = 0;
    }

    private string LogTail() => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(LogTailLines)) : "(no log)";
}
