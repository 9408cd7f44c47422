using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>What is given to <c>heads check</c> is looked at before any database is.</summary>
public sealed class HeadArgumentTests
{
    [Theory]
    [InlineData("{\"head\":7}", null, "The head lacks")]
    [InlineData("{}", null, "no signed head")]
    [InlineData("", null, "empty")]
    [InlineData("{}", "not base64", "--key")]
    public async Task What_is_no_head_or_no_key_is_refused(string input, string? key, string reason) =>
        (await Verb.RunReading(input, ["heads", "check", "-", .. key is null ? [] : (string[])["--key", key]])).ShouldFail(1, reason);
}
