using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Model;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>The offline verbs against what status-go's own code made of the same messages.</summary>
public sealed class ArchiveVerbTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Out => Path.Combine(folder.Path, "out");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task One_message_gives_the_torrent_of_status_go_byte_for_byte_and_comes_back_out()
    {
        var vector = new VectorFile("archive-1");

        var built = (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", Out, "--json")).ShouldSucceed().Json;

        built.GetProperty("communityId").GetString().ShouldBe(vector.CommunityId);
        built.GetProperty("infoHash").GetString().ShouldBe(vector.Text("infoHash"));
        built.GetProperty("magnet").GetString().ShouldBe(vector.Text("magnet"));
        built.GetProperty("messages").GetInt32().ShouldBe(1);
        Ids(built.GetProperty("added")).ShouldBe(Ids(vector.Json.GetProperty("archives")));
        var torrent = TorrentFile.Read(await Read(built.GetProperty("torrentFile").GetString()!), CommunityId.Parse(vector.CommunityId));
        torrent.Info.ToArray().ShouldBe(vector.Bytes("infoBytesHex"));
        VectorFile.Sha256(Path.Combine(Out, vector.CommunityId, "data")).ShouldBe(vector.Text("dataSha256"));
        VectorFile.Sha256(Path.Combine(Out, vector.CommunityId, "index")).ShouldBe(vector.Text("indexSha256"));
        await ExtractShouldGive(vector.Messages);
    }

    [Fact]
    public async Task A_second_build_into_the_same_folder_appends_at_the_offsets_of_status_go()
    {
        var (first, vector) = (new VectorFile("archive-10"), new VectorFile("archive-append"));
        (await Verb.Run("archive", "build", first.WriteInput(folder.Path), "--out", Out)).ShouldSucceed();

        var built = (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", Out, "--json")).ShouldSucceed().Json;

        Ids(built.GetProperty("added")).ShouldBe(vector.Json.GetProperty("newArchiveIds").EnumerateArray().Select(id => id.GetString()));
        built.GetProperty("archives").GetInt32().ShouldBe(4);
        VectorFile.Sha256(Path.Combine(Out, vector.CommunityId, "data")).ShouldBe(vector.Text("dataSha256"));
        var inspected = (await Verb.Run("archive", "inspect", Out, "--json")).ShouldSucceed().Json.EnumerateArray().ShouldHaveSingleItem();
        inspected.GetProperty("infoHash").GetString().ShouldBe(built.GetProperty("infoHash").GetString());
        inspected
            .GetProperty("archives")
            .EnumerateArray()
            .Select(Place)
            .ShouldBe(vector.Json.GetProperty("archives").EnumerateArray().Select(Place));
        inspected.GetProperty("archives").EnumerateArray().Sum(archive => archive.GetProperty("messages").GetInt32()).ShouldBe(15);
        await ExtractShouldGive([.. first.Messages, .. vector.Messages]);
    }

    [Fact]
    public async Task No_message_makes_no_file_and_no_folder_and_says_so()
    {
        var built = await Verb.Run("archive", "build", new VectorFile("archive-none").WriteInput(folder.Path), "--out", Out);

        built.ShouldSucceed().Output.ShouldContain("no message");
        Directory.Exists(Out).ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_gets_one_row_for_each_archive()
    {
        var vector = new VectorFile("archive-10");

        var built = (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", Out)).ShouldSucceed();
        var inspected = (await Verb.Run("archive", "inspect", Out)).ShouldSucceed();

        foreach (var output in new[] { built.Output, inspected.Output })
        {
            output.ShouldContain("2023-11-21 22:13  2023-11-28 22:13  102400  102400   101736");
            output.ShouldContain(vector.CommunityId);
            output.ShouldContain("10 messages in 3");
        }
    }

    private async Task ExtractShouldGive(IReadOnlyList<JsonElement> messages)
    {
        var lines = (await Verb.Run("archive", "extract", Out)).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => Told(JsonDocument.Parse(line).RootElement)).ShouldBe(messages.Select(Told));
    }

    private static string Told(JsonElement message)
    {
        var topic = message.TryGetProperty("chatId", out var chat)
            ? ContentTopic.OfChat(chat.GetString()!).ToString()
            : $"{message.GetProperty("topic")}";
        string[] fields = ["sig", "timestamp", "payload", "padding", "hash", "thirdPartyId"];
        return string.Join(' ', [topic, .. fields.Select(field => message.GetProperty(field).ToString())]);
    }

    private static string Place(JsonElement archive) =>
        string.Join(' ', new[] { "id", "from", "to", "offset", "size", "padding" }.Select(field => archive.GetProperty(field).ToString()));

    private static IEnumerable<string?> Ids(JsonElement archives) =>
        archives.EnumerateArray().Select(archive => archive.GetProperty("id").GetString());

    private static Task<byte[]> Read(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
}
