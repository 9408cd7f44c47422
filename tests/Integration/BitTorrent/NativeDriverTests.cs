using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>The C++ part without .NET around it, where AddressSanitizer can look on.</summary>
public sealed class NativeDriverTests
{
    [Fact]
    public async Task The_native_library_passes_under_the_address_and_undefined_behaviour_sanitizers()
    {
        using var folder = new TempFolder();
        var script = Repository.File("src", "Adapters", "BitTorrent", "native", "drive.sh");
        await using var run = ForeignProgram.Start("sh", "dash", folder.Path, script);

        (await run.Exit(TestContext.Current.CancellationToken)).ShouldBe(0, run.Output);

        run.Output.Split('\n').Count(line => line.Contains("downloaded at", StringComparison.Ordinal)).ShouldBe(3, run.Output);
    }
}
