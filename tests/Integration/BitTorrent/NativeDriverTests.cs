using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>The C++ part without .NET around it, where the sanitizers can look on.</summary>
public sealed class NativeDriverTests
{
    /// <summary>Threads take long to compile, and with EVENTARCHIVE_ALL=1 alone they are run.</summary>
    public static TheoryData<string, int> Sanitizers =>
        Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1"
            ? new() { { "memory", 3 }, { "threads", 1 } }
            : new() { { "memory", 3 } };

    [Theory]
    [MemberData(nameof(Sanitizers))]
    public async Task The_native_library_passes_under_the_sanitizers(string what, int disks)
    {
        using var folder = new TempFolder();
        var script = Repository.File("src", "Adapters", "BitTorrent", "native", "drive.sh");
        await using var run = ForeignProgram.Start("sh", "dash", folder.Path, script, what);

        (await run.Exit(TestContext.Current.CancellationToken)).ShouldBe(0, run.Output);

        run.Output.Split('\n').Count(line => line.Contains("downloaded at", StringComparison.Ordinal)).ShouldBe(disks, run.Output);
    }
}
