using System.Text.Json.Nodes;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A message file that is none: one line that names the place, and the archives that were there are as they were.</summary>
public sealed class BadMessageFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_wrong_file_is_refused_with_its_place_and_an_existing_folder_stays_as_it_was()
    {
        var (first, vector) = (new VectorFile("archive-10"), new VectorFile("archive-append"));
        var existing = folder.Sub("existing");
        (await Verb.Run("archive", "build", first.WriteInput(folder.Path), "--out", existing)).ShouldSucceed();
        var before = VectorFile.Snapshot(existing);
        before.Count.ShouldBeGreaterThan(2);

        await Refused(file => file["colour"] = "red", "no field", "colour");
        await Refused(file => file.Remove("startDate"), "startDate", "missing");
        await Refused(file => file["messages"]![1]!["payload"] = "0x12g4", "Message 2", "payload", "hexadecimal");
        await Refused(file => file["communityPrivateKey"] = "0x11", "communityPrivateKey", "64 hexadecimal digits");
        await Refused(file => file["communityId"] = "0x02" + new string('a', 64), "communityId", "leave one of them out");

        async Task Refused(Action<JsonObject> spoil, params string[] words)
        {
            var verb = await Verb.Run("archive", "build", vector.WriteInput(folder.Path, spoil), "--out", existing);
            verb.ShouldFail(1, words);
            VectorFile.Snapshot(existing).ShouldBe(before);
        }
    }

    [Theory]
    [InlineData("hello", "is not JSON")]
    [InlineData("", "is empty")]
    [InlineData("[]", "JSON object")]
    [InlineData(null, "Could not find file")]
    public async Task A_file_that_is_no_message_file_makes_no_folder(string? content, string reason)
    {
        var (path, target) = (Path.Combine(folder.Path, "messages.json"), Path.Combine(folder.Path, "out"));
        if (content is not null)
            await File.WriteAllTextAsync(path, content, Cancellation);

        (await Verb.Run("archive", "build", path, "--out", target)).ShouldFail(1, "messages.json", reason);

        Directory.Exists(target).ShouldBeFalse();
    }
}
