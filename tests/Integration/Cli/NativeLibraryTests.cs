using System.Diagnostics;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>The program beside a native library that it cannot use.</summary>
public sealed class NativeLibraryTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("missing", "apt-get install")]
    [InlineData("no library", "apt-get install")]
    [InlineData("of another version", "has interface version 99")]
    public async Task A_library_that_cannot_be_used_is_one_line_at_the_start(string which, string help)
    {
        var program = folder.Sub("program");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(ServiceNode.Program)!))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        var library = Path.Combine(program, "libeventarchive_torrent.so");
        File.Exists(library).ShouldBeTrue();
        File.Delete(library);
        if (which == "no library")
            await File.WriteAllTextAsync(library, "no library", Cancellation);
        if (which == "of another version")
            await Compile("int ea_abi_version(void) { return 99; }", library);
        var built = folder.Sub("built");
        (await Verb.Run("archive", "build", new VectorFile("archive-1").WriteInput(folder.Path), "--out", built)).ShouldSucceed();

        // Neither database nor node is there: it ends before anything else is tried.
        var nowhere = FreePort.Next();
        var settings = new ServiceNodeSettings(
            "node",
            folder.Sub("node"),
            $"Host=127.0.0.1;Port={nowhere}",
            new Uri($"http://127.0.0.1:{nowhere}")
        );

        Directory.CreateDirectory(settings.Archives);

        (await Run(program, settings, "seed", built)).ShouldFail(1, "libeventarchive_torrent.so", program, help);
        (await Run(program, settings, "serve")).ShouldFail(1, "libeventarchive_torrent.so", program, help);
    }

    private static async Task<Verb> Run(string program, ServiceNodeSettings settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(program, Path.GetFileName(ServiceNode.Program)), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = program,
        };
        foreach (var (name, value) in ServiceNode.Environment(settings))
            start.Environment[name] = value;
        using var run = ChildProcess.Start(start);
        var (output, error) = (run.StandardOutput.ReadToEndAsync(Cancellation), run.StandardError.ReadToEndAsync(Cancellation));
        await run.WaitForExitAsync(Cancellation);
        return new Verb(run.ExitCode, await output, await error);
    }

    private static async Task Compile(string source, string library)
    {
        var file = library + ".c";
        await File.WriteAllTextAsync(file, source, Cancellation);
        using var compiler = ChildProcess.Start("g++", "-shared", "-fPIC", "-x", "c", file, "-o", library);
        await compiler.WaitForExitAsync(Cancellation);
        compiler.ExitCode.ShouldBe(0);
    }
}
