using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A word that means nothing, or a missing one: exit code 2 and where to read on.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("'frobnicate' is not a command", "frobnicate")]
    [InlineData("'--frob' is not a command", "archive", "inspect", ".", "--frob")]
    [InlineData("'--out' is required", "archive", "build", "x.json")]
    [InlineData("command was not provided", "archive")]
    [InlineData("eventarchive --help")]
    public async Task An_unknown_or_missing_word_is_named_with_the_help_that_helps(string reason, params string[] arguments) =>
        (await Verb.Run(arguments)).ShouldFail(2, reason, "--help");

    [Fact]
    public async Task Help_lists_every_verb()
    {
        var help = (await Verb.Run("--help")).ShouldSucceed().Output;

        foreach (
            var verb in new[] { "serve", "db", "keys", "messages", "send", "archive", "seed", "download", "magnetlink", "verify", "heads" }
        )
            help.ShouldContain($"  {verb} ");
    }
}
