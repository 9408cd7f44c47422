using System.Diagnostics;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>What <c>download</c> and <c>seed</c> write on a terminal: a line that fits, changes, and is gone at the end.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Erase = "\r\u001b[K";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(80)]
    [InlineData(30)]
    public async Task A_download_shows_lines_that_fit_and_leaves_its_result_alone(int columns)
    {
        var seeded = await Build();
        await using var seeding = await Seeding.Start(seeded, Cancellation);

        using var terminal = OnTerminal(columns, $"download '{seeding.Magnet}' --out {Path.Combine(folder.Path, "fetched")}");
        var screen = await terminal.StandardOutput.ReadToEndAsync(Cancellation);
        await terminal.WaitForExitAsync(Cancellation);

        terminal.ExitCode.ShouldBe(0, screen);
        var lines = screen.Split(Erase);
        lines.Length.ShouldBeGreaterThan(2, screen);
        lines[1].ShouldBe("metadata");
        foreach (var line in lines[..^1])
        {
            line.Length.ShouldBeLessThan(columns, line);
            line.ShouldNotContain('\n');
        }
        lines[^1]
            .TrimEnd()
            .Split('\n')
            .Select(line => line.Split(' ')[0])
            .ShouldBe(["communityId", "infoHash", "archives", "ofArchives", "dataBytes", "folder"], lines[^1]);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_seeder_and_its_line()
    {
        var seeded = await Build();

        using var terminal = OnTerminal(80, $"seed {seeded} --listen 127.0.0.1:0");
        var screen = "";
        var text = new char[4096];
        while (!screen.Contains($"{Erase}1 of 1 torrent seeded, 0 peers, 0 B sent, 0 B/s, ratio 0.00", StringComparison.Ordinal))
        {
            var read = await terminal.StandardOutput.ReadAsync(text, Cancellation).AsTask().WaitAsync(Limit, Cancellation);
            read.ShouldBeGreaterThan(0, screen);
            screen += new string(text, 0, read);
        }
        await terminal.StandardInput.WriteAsync('\u0003');
        await terminal.StandardInput.FlushAsync(Cancellation);
        var rest = await terminal.StandardOutput.ReadToEndAsync(Cancellation).WaitAsync(Limit, Cancellation);
        await terminal.WaitForExitAsync(Cancellation);

        terminal.ExitCode.ShouldBe(0, rest);
        rest.ShouldEndWith(Erase);
        rest.ShouldNotContain('\n');
    }

    private async Task<string> Build()
    {
        var seeded = folder.Sub("seeded");
        (await Verb.Run("archive", "build", Repository.File("infra", "messages", "community.json"), "--out", seeded)).ShouldSucceed();
        return seeded;
    }

    /// <summary>Runs a verb on a pseudo-terminal; what comes out of it is what the terminal would get.</summary>
    private static Process OnTerminal(int columns, string verb)
    {
        var start = new ProcessStartInfo(
            "script",
            ["--quiet", "--return", "--command", $"stty cols {columns} rows 24; exec dotnet {ServiceNode.Program} {verb}", "/dev/null"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["TERM"] = "xterm";
        return ChildProcess.Start(start);
    }
}
