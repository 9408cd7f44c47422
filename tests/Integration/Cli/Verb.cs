using System.Diagnostics;
using System.Text.Json;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>One run of the command line, a process of its own.</summary>
internal sealed record Verb(int ExitCode, string Output, string Error)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Task<Verb> Run(params string[] arguments) => RunWith(null, null, arguments);

    public static Task<Verb> RunReading(string input, params string[] arguments) => RunWith(null, input, arguments);

    public static async Task<Verb> RunWith(ServiceNodeSettings? settings, string? input, params string[] arguments)
    {
        var (code, output, error) = await ServiceNode.Run(settings, arguments, input, Cancellation);
        return new Verb(code, output, error);
    }

    /// <summary>A verb that runs until it is stopped.</summary>
    public static ServerProcess Start(params string[] arguments) =>
        ServerProcess.Start(new ProcessStartInfo("dotnet", [ServiceNode.Program, .. arguments]));

    public Verb ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Error);
        Error.ShouldBeEmpty();
        return this;
    }

    /// <summary>A failure is one line on standard error, with what helps in it, and nothing on standard output.</summary>
    public Verb ShouldFail(int code, params string[] words)
    {
        Output.ShouldBeEmpty();
        return ShouldFailAfterOutput(code, words);
    }

    public Verb ShouldFailAfterOutput(int code, params string[] words)
    {
        ExitCode.ShouldBe(code, Error);
        Error.ShouldStartWith("eventarchive: ");
        Error.TrimEnd('\n').ShouldNotContain('\n');
        Error.ShouldNotContain("   at ");
        foreach (var word in words)
            Error.ShouldContain(word);
        return this;
    }
}
