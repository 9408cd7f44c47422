using System.ComponentModel;
using System.Diagnostics;

namespace EventArchive.Testing;

/// <summary>
/// Starts programs that inherit nothing of this process but their three standard streams. libtorrent opens its sockets without close-on-exec:
/// a program that is started while a peer is connected would hold the connection open after this process has closed it, for as long as it runs.
/// </summary>
public static class ChildProcess
{
    private const string Script = """
        for path in /proc/self/fd/*; do
          number=${path##*/}
          [ "$number" -le 2 ] || eval "exec $number>&-"
        done
        exec "$0" "$@"
        """;

    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static Process Start(string program, params IEnumerable<string> arguments) => Start(new ProcessStartInfo(program, arguments));

    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var program = start.FileName;
        if (!Exists(program))
            throw new Win32Exception($"{program} is not installed: it is neither a file nor found in PATH.");
        start.FileName = "bash";
        start.ArgumentList.Insert(0, "-c");
        start.ArgumentList.Insert(1, Script);
        start.ArgumentList.Insert(2, program);
        start.UseShellExecute = false;
        return Process.Start(start)!;
    }

    private static bool Exists(string program) =>
        program.Contains('/')
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
