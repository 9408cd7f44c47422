using System.Diagnostics;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>What ./run says to a message file that cannot serve, before it starts anything.</summary>
public sealed class LauncherTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly string Program = Repository.File(
        "infra",
        "launcher",
        "bin",
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
        "net10.0",
        "EventArchive.Launcher.dll"
    );

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"startDate":1,"endDate":2,"messages":[]}""", "has no communityPrivateKey")]
    [InlineData("""{"communityPrivateKey":"","startDate":1,"endDate":2}""", "has no communityPrivateKey")]
    [InlineData("hello", "is not a message file")]
    [InlineData("", "is not a message file")]
    [InlineData(null, "does not exist")]
    public async Task A_file_that_cannot_serve_is_refused_in_one_line_and_nothing_is_started(string? content, string reason)
    {
        var path = Path.Combine(folder.Path, "messages.json");
        if (content is not null)
            await File.WriteAllTextAsync(path, content, Cancellation);

        var (code, tail) = await Run(path);

        code.ShouldBe(1);
        tail.ShouldStartWith($"run: {path} {reason}");
        tail.ShouldNotContain("Logs:");
    }

    [Fact]
    public async Task An_option_that_there_is_not_is_answered_with_the_usage() => (await Run("--frob")).Tail.ShouldContain("usage: ./run");

    private static async Task<(int Code, string Tail)> Run(string argument)
    {
        await using var launcher = ServerProcess.Start(new ProcessStartInfo("dotnet", [Program, argument]));
        var code = await launcher.Exit(Limit, Cancellation);
        await Eventually.Is(() => launcher.Tail.Length > 0, "the launcher said why");
        return (code, launcher.Tail);
    }
}
