using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Private keys of communities, by command line and over HTTP, and what no kind of key may be.</summary>
[Collection(ServicePair.Collection)]
public sealed class KeysApiTests(ServicePair pair) : IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_key_goes_in_over_HTTP_comes_out_under_a_password_and_is_forgotten()
    {
        using var http = await pair.SignIn("keys over http");
        var key = RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes);
        var community = CommunityKey.IdOf(key);

        using var imported = await http.PostAsJsonAsync("keys", new { privateKey = Hex.Encode(key) }, Cancellation);
        imported.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await imported.Content.ReadFromJsonAsync<JsonElement>(Cancellation))
            .GetProperty("communityId")
            .GetString()
            .ShouldBe(community.ToString());
        (await Listed()).ShouldContain(community.ToString());
        using var exported = await http.PostAsJsonAsync($"keys/{community}/export", new { password = Password }, Cancellation);
        var file = await exported.Content.ReadAsByteArrayAsync(Cancellation);
        KeystoreFile.Open(file, Password).ShouldBe(key);
        (await http.DeleteAsync($"keys/{community}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.DeleteAsync($"keys/{community}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Listed()).ShouldNotContain(community.ToString());

        var body = new { keystore = JsonDocument.Parse(file).RootElement, password = Password };
        (await http.PostAsJsonAsync("keys", body, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Listed()).ShouldContain(community.ToString());
        (await http.DeleteAsync($"keys/{community}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await pair.UntilOwnerLogs($"The key of community {community} was forgotten by keys over http");

        async Task<IEnumerable<string?>> Listed() =>
            (await http.GetFromJsonAsync<JsonElement>("keys", Cancellation))
                .GetProperty("communities")
                .EnumerateArray()
                .Select(one => one.GetString());
    }

    [Theory]
    [InlineData("keys", "{}", "privateKey")]
    [InlineData("keys", "[]", "privateKey")]
    [InlineData("keys", """{"privateKey":"0x00"}""", "64 hexadecimal digits")]
    [InlineData("keys", """{"privateKey":"0x0000000000000000000000000000000000000000000000000000000000000000"}""", "private key")]
    [InlineData("keys", """{"privateKey":"0x01","keystore":{}}""", "privateKey")]
    [InlineData("keys", """{"keystore":{"version":3},"password":"x"}""", "crypto")]
    [InlineData("keys", """{"privatekey":"0x01","colour":"red"}""", "privateKey")]
    [InlineData("keys/ratchet", "{}", "keys")]
    [InlineData("keys/ratchet", """{"keys":[]}""", "1 to")]
    [InlineData("keys/ratchet", """{"keys":[{"communityId":"0x02"}]}""", "communityId")]
    [InlineData("keys/ratchet", """{"keys":[1],"keystore":{}}""", "The body is JSON")]
    [InlineData("keys/ratchet", """{"keystore":{"version":3},"password":"x"}""", "crypto")]
    [InlineData("keys/ratchet", """{"keystore":7,"password":"x"}""", "version 3")]
    [InlineData("keys/channel", "{}", "The body is JSON")]
    [InlineData("keys/channel", """{"communityId":"0x","contentTopic":"0x0badcafe","key":"0x00"}""", "community")]
    [InlineData("keys/channel", """{"communityId":"COMMUNITY","contentTopic":"0x0b","key":"0x00"}""", "content topic")]
    [InlineData("keys/channel", """{"communityId":"COMMUNITY","contentTopic":"0x0badcafe","key":"0x00"}""", "64 hexadecimal digits")]
    public async Task What_is_no_key_is_refused_with_the_reason(string path, string body, string reason)
    {
        using var http = await pair.SignIn($"bad body {Guid.NewGuid()}");
        using var content = new StringContent(body.Replace("COMMUNITY", $"{pair.Community}"), new MediaTypeHeaderValue("application/json"));

        using var answer = await http.PostAsync(path, content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(reason);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("keys/ratchet")]
    public async Task A_body_longer_than_a_request_may_be_is_refused_unread(string path)
    {
        using var http = await pair.SignIn($"long body {Guid.NewGuid()}");
        // JSON to the end: whoever reads it whole before he measures it would take it.
        var body = $$"""{"password":"{{new string('x', HttpApi.MaxBodyBytes)}}"}""";
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        using var answer = await http.PostAsync(path, content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task The_command_line_exports_to_a_file_for_its_owner_alone_imports_it_and_forgets_only_when_it_is_meant()
    {
        var key = RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes);
        var community = CommunityKey.IdOf(key).ToString();
        var file = Path.Combine(folder.Path, "key.json");
        (await pair.Say(Convert.ToHexString(key), "keys", "import")).ShouldSucceed();
        (await pair.Say(null, "keys", "list")).ShouldSucceed().Output.ShouldContain(community);

        (await pair.Say(Password + "\n", "keys", "export", community, "--out", file)).ShouldSucceed();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await pair.Say(Password, "keys", "export", community, "--out", file)).ShouldFail(1, "exists");
        (await pair.Say("short", "keys", "export", community, "--out", file + "2")).ShouldFail(1, "at least");
        (await pair.Say(null, "keys", "forget", community)).ShouldFail(1, "--yes");
        (await pair.Say(null, "keys", "forget", community, "--yes")).ShouldSucceed();
        (await pair.Say(null, "keys", "forget", community, "--yes")).ShouldFail(1, "keys list");
        (await pair.Say(null, "keys", "list")).ShouldSucceed().Output.ShouldNotContain(community);

        (await pair.Say("wrong password", "keys", "import", "--keystore", file)).ShouldFail(1, "password");
        (await pair.Say(Password + "\n", "keys", "import", "--keystore", file, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("communityId")
            .GetString()
            .ShouldBe(community);
        (await pair.Say(null, "keys", "forget", community, "--yes")).ShouldSucceed();
    }
}
