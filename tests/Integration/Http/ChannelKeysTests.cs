using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Model;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Keys of channels that are known by content topic alone, by command line and over HTTP.</summary>
[Collection(ServicePair.Collection)]
public sealed class ChannelKeysTests(ServicePair pair) : IDisposable
{
    private const string Password = "correct horse";
    private const string Topic = "0x0badcafe";

    private readonly TempFolder folder = new();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(WakuKeys.KeyBytes);
    private readonly string community = CommunityKey.IdOf(RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes)).ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_command_line_takes_a_key_in_lists_it_writes_it_to_a_file_and_forgets_it_when_it_is_meant()
    {
        var file = Path.Combine(folder.Path, "channel.json");
        var hex = Convert.ToHexString(key);
        (await pair.Say(hex, "keys", "import", "--channel", Topic)).ShouldFail(1, "--community");
        (await pair.Say(hex, "keys", "import", "--channel", "0x12", "--community", community)).ShouldFail(2, "8 hexadecimal digits");
        (await pair.Say(hex, "keys", "import", "--channel", Topic, "--community", community)).ShouldSucceed();
        (await pair.Say(null, "keys", "list")).ShouldSucceed().Output.ShouldContain($"{community}  channel {Topic}");

        (await pair.Say(Password, "keys", "export", community, "--channel", Topic, "--out", file)).ShouldSucceed();
        KeystoreFile.Open(await File.ReadAllBytesAsync(file, Cancellation), Password).ShouldBe(key);
        (await pair.Say(Password, "keys", "export", community, "--channel", "0x00000000", "--out", file + "2")).ShouldFail(1, "keys list");
        (await pair.Say(null, "keys", "forget", community, "--channel", Topic)).ShouldFail(1, "--yes");
        (await pair.Say(null, "keys", "forget", community, "--channel", Topic, "--yes")).ShouldSucceed();
        (await pair.Say(null, "keys", "forget", community, "--channel", Topic, "--yes")).ShouldFail(1, "keys list");

        string[] import = ["keys", "import", "--channel", Topic, "--community", community, "--keystore", file];
        (await pair.Say("wrong password", import)).ShouldFail(1, "password");
        (await pair.Say(Password, import)).ShouldSucceed();
        (await pair.Say(null, "keys", "list", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("channelKeys")
            .EnumerateArray()
            .ShouldContain(one => one.GetProperty("communityId").GetString() == community);
    }

    [Fact]
    public async Task A_key_goes_in_over_HTTP_comes_out_under_a_password_and_is_forgotten()
    {
        using var http = await pair.SignIn($"channel {Guid.NewGuid()}");
        var path = $"keys/{community}/channel/{Topic}";

        (
            await Post(
                "keys/channel",
                new
                {
                    communityId = community,
                    contentTopic = Topic,
                    key = Hex.Encode(key),
                }
            )
        ).ShouldBe(HttpStatusCode.OK);
        (await Listed()).ShouldBeTrue();
        using var exported = await http.PostAsJsonAsync($"{path}/export", new { password = Password }, Cancellation);
        var keystore = JsonDocument.Parse(await exported.Content.ReadAsByteArrayAsync(Cancellation)).RootElement;
        (await http.DeleteAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.DeleteAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Post($"{path}/export", new { password = Password })).ShouldBe(HttpStatusCode.NotFound);
        (await Listed()).ShouldBeFalse();

        foreach (var (password, status) in new[] { ("wrong password", HttpStatusCode.BadRequest), (Password, HttpStatusCode.OK) })
        {
            var body = new
            {
                communityId = community,
                contentTopic = Topic,
                keystore,
                password,
            };
            (await Post("keys/channel", body)).ShouldBe(status);
            (await Listed()).ShouldBe(status == HttpStatusCode.OK);
        }

        async Task<HttpStatusCode> Post(string path, object body)
        {
            using var answer = await http.PostAsJsonAsync(path, body, Cancellation);
            return answer.StatusCode;
        }

        async Task<bool> Listed() =>
            (await http.GetFromJsonAsync<JsonElement>("keys", Cancellation))
                .GetProperty("channelKeys")
                .EnumerateArray()
                .Any(one =>
                    one.GetProperty("communityId").GetString() == community && one.GetProperty("contentTopic").GetString() == Topic
                );
    }
}
