using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>The C++ part without .NET around it, where the sanitizers can look on.</summary>
public sealed class NativeDriverTests
{
    [Theory]
    [InlineData("memory", 3)]
    [InlineData("threads", 1)]
    public async Task The_native_library_passes_under_the_sanitizers(string what, int disks)
    {
        using var folder = new TempFolder();
        var script = Repository.File("src", "Adapters", "BitTorrent", "native", "drive.sh");
        await using var run = ForeignProgram.Start("sh", "dash", folder.Path, script, what);

        (await run.Exit(TestContext.Current.CancellationToken)).ShouldBe(0, run.Output);

        run.Output.Split('\n').Count(line => line.Contains("downloaded at", StringComparison.Ordinal)).ShouldBe(disks, run.Output);
    }
}
