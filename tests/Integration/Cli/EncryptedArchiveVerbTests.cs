using System.Text.Json;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>Encrypted archives on the command line, judged by a foreign reader and written by a foreign writer.</summary>
public sealed class EncryptedArchiveVerbTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly VectorFile vector = new("archive-10");
    private readonly string keys;

    public EncryptedArchiveVerbTests() => keys = HashRatchetScript.WriteKey(folder.Path, vector.CommunityId, 0xA1, 1_700_000_000_123);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_foreign_reader_opens_what_was_built_message_for_message()
    {
        var built = await Build("built");

        var lines = await HashRatchetScript.Run("open", keys, built);

        lines[0].GetProperty("index").GetInt32().ShouldBe(4, "three archives and the index have the numbers 1 to 4");
        lines[0].GetProperty("installationId").GetString().ShouldStartWith("f");
        lines.Skip(1).Select(Told).ShouldBe(Expected(), ignoreOrder: true);
        lines.Skip(1).Select(line => line.GetProperty("seqNo").GetInt32()).Distinct().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task The_same_build_gives_the_same_bytes_and_none_of_a_message_is_in_the_clear()
    {
        var built = await Build("one");

        VectorFile.Snapshot(await Build("two")).ShouldBe(VectorFile.Snapshot(built));
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            foreach (var message in vector.Messages)
                bytes.AsSpan().IndexOf(Convert.FromHexString(message.GetProperty("hash").GetString()![2..])).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task What_a_foreign_writer_sealed_as_status_go_does_is_read_whole_and_continued()
    {
        var clear = folder.Sub("clear");
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", clear)).ShouldSucceed();
        var foreign = folder.Sub("foreign");
        await HashRatchetScript.Run("seal", keys, "41", clear, foreign);

        (await Verb.Run("archive", "inspect", foreign, "--keys", keys, "--json"))
            .ShouldSucceed()
            .Json[0]
            .GetProperty("archives")
            .EnumerateArray()
            .Sum(archive => archive.GetProperty("messages").GetInt32())
            .ShouldBe(vector.Messages.Count);
        Messages(await Verb.Run("archive", "extract", foreign, "--keys", keys)).ShouldBe(Expected(), ignoreOrder: true);

        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", foreign, "--keys", keys)).ShouldSucceed();
        var lines = await HashRatchetScript.Run("open", keys, foreign);
        lines[0].GetProperty("index").GetInt32().ShouldBe(48, "41 to 44 were used, so 45 to 47 are the new archives'");
        lines.Skip(1).Select(Told).ShouldBe([.. Expected(), .. Expected()], ignoreOrder: true);
    }

    [Fact]
    public async Task Each_slip_with_keys_is_told_in_one_line()
    {
        var built = await Build("built");
        var other = HashRatchetScript.WriteKey(folder.Path, vector.CommunityId, 0xB2, 1);
        var stranger = HashRatchetScript.WriteKey(folder.Path, "0x02" + new string('a', 64), 0xC3, 1);
        var clear = folder.Sub("clear");
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", clear)).ShouldSucceed();

        (await Verb.Run("archive", "inspect", built)).ShouldFail(1, "perhaps it is encrypted", "--keys");
        (await Verb.Run("archive", "inspect", built, "--keys", other)).ShouldFail(1, "hash ratchet key", "is not here", "--keys");
        (await Verb.Run("archive", "extract", built, "--keys", stranger)).ShouldFail(1, "is not here");
        (await Verb.Run("archive", "inspect", clear, "--keys", keys)).ShouldFail(1, "not encrypted, although");
        (await Verb.Run("archive", "inspect", built, "--encrypted-after", "0")).ShouldFail(1, "--keys");
        (await Verb.Run("archive", "inspect", built, "--keys", Path.Combine(folder.Path, "none"))).ShouldFail(1, "none");
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", folder.Sub("new"), "--keys", stranger)).ShouldFail(
            1,
            "no key of community"
        );
    }

    private async Task<string> Build(string name)
    {
        var built = folder.Sub(name);
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", built, "--keys", keys)).ShouldSucceed();
        return built;
    }

    private IEnumerable<string> Expected() => vector.Messages.Select(Told);

    private static IEnumerable<string> Messages(Verb extracted) =>
        extracted
            .ShouldSucceed()
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Told(JsonDocument.Parse(line).RootElement));

    private static string Told(JsonElement message) =>
        $"{message.GetProperty("hash").GetString()} {message.GetProperty("payload").GetString()}";
}
