using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Hash ratchet keys by command line and over HTTP: in, listed, out under a password with their highest numbers, and forgotten.</summary>
[Collection(ServicePair.Collection)]
public sealed class RatchetKeysTests(ServicePair pair) : IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { BaseAddress = pair.Owner.Address };
    private readonly CommunityId community = CommunityKey.IdOf(RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_command_line_exports_all_keys_of_a_community_with_their_numbers_and_forgets_one_only_when_it_is_meant()
    {
        var (older, newer) = (Key(1), Key(2));
        var file = Path.Combine(folder.Path, "ratchet.json");
        (await pair.Say(Json((newer, 7), (older, 4294967295)), "keys", "import", "--ratchet")).ShouldSucceed();
        (await pair.Say(null, "keys", "list")).ShouldSucceed().Output.ShouldContain($"{newer.Id}  timestamp 2  highest number 7");

        (await pair.Say(Password + "\n", "keys", "export", $"{community}", "--ratchet", "--out", file)).ShouldSucceed();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await pair.Say(Password, "keys", "export", $"{community}", "--ratchet", "--out", file)).ShouldFail(1, "exists");
        (await pair.Say("short", "keys", "export", $"{community}", "--ratchet", "--out", file + "2")).ShouldFail(1, "at least");
        var unknown = CommunityKey.IdOf(RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes));
        (await pair.Say(Password, "keys", "export", $"{unknown}", "--ratchet", "--out", file + "3")).ShouldFail(1, "keys list");

        (await Forget(older)).ShouldFail(1, "--yes", "next older key", "highest number");
        (await Listed()).ShouldBe([(older.Id, 1, uint.MaxValue), (newer.Id, 2, 7)]);
        (await Forget(older, "--yes")).ShouldSucceed();
        (await Forget(newer, "--yes")).ShouldSucceed();
        (await Forget(newer, "--yes")).ShouldFail(1, "keys list");
        (await pair.Say(null, "keys", "forget", $"{community}", "--ratchet", "0x12")).ShouldFail(2, "64 hexadecimal digits");
        (await Listed()).ShouldBeEmpty();

        (await pair.Say("wrong password", "keys", "import", "--ratchet", "--keystore", file)).ShouldFail(1, "password");
        (await pair.Say(Password, "keys", "import", "--keystore", file)).ShouldFail(1, "ciphertext has 32 bytes");
        (await Listed()).ShouldBeEmpty();
        (await pair.Say(Password + "\n", "keys", "import", "--ratchet", "--keystore", file)).ShouldSucceed();
        (await Listed()).ShouldBe([(older.Id, 1, uint.MaxValue), (newer.Id, 2, 7)]);
    }

    [Fact]
    public async Task A_keystore_file_that_is_too_long_or_holds_no_list_is_refused_without_a_word_of_it()
    {
        var (large, other) = (Path.Combine(folder.Path, "large.json"), Path.Combine(folder.Path, "other.json"));
        await File.WriteAllBytesAsync(large, new byte[RatchetKeystore.MaxBytes + 1], Cancellation);
        var secret = RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes);
        await File.WriteAllBytesAsync(other, KeystoreFile.Write(secret, Password), Cancellation);

        (await pair.Say(Password, "keys", "import", "--ratchet", "--keystore", large)).ShouldFail(1, "no keystore file");
        (await pair.Say(Password, "keys", "import", "--ratchet", "--keystore", other)).ShouldFail(1, "not JSON");
    }

    [Fact]
    public async Task Keys_go_in_over_HTTP_come_out_under_a_password_and_are_forgotten()
    {
        await SignIn();
        var (older, newer) = (Key(1), Key(2));
        var keys = new { keys = JsonDocument.Parse(Json((older, 3), (newer, 0))).RootElement };

        var imported = await Answer(await http.PostAsJsonAsync("keys/ratchet", keys, Cancellation));
        imported
            .GetProperty("ratchetKeys")
            .EnumerateArray()
            .Select(one => one.GetProperty("keyId").GetString())
            .ShouldBe([$"{older.Id}", $"{newer.Id}"]);
        (await ListedOverHttp()).ShouldBe([(older.Id, 1, 3), (newer.Id, 2, 0)]);
        using var exported = await http.PostAsJsonAsync($"keys/{community}/ratchet/export", new { password = Password }, Cancellation);
        var file = await exported.Content.ReadAsByteArrayAsync(Cancellation);
        RatchetKeystore.Open(file, Password).Select(one => (one.Key.Id, one.SeqNo)).ShouldBe([(older.Id, 3u), (newer.Id, 0u)]);
        foreach (var key in new[] { older, newer })
            (await http.DeleteAsync($"keys/{community}/ratchet/{key.Id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.DeleteAsync($"keys/{community}/ratchet/{newer.Id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ListedOverHttp()).ShouldBeEmpty();

        var keystore = JsonDocument.Parse(file).RootElement;
        var wrong = await http.PostAsJsonAsync("keys/ratchet", new { keystore, password = "wrong password" }, Cancellation);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wrong.Content.ReadAsStringAsync(Cancellation)).ShouldContain("password");
        (await ListedOverHttp()).ShouldBeEmpty();
        (await http.PostAsJsonAsync("keys/ratchet", new { keystore, password = Password }, Cancellation)).StatusCode.ShouldBe(
            HttpStatusCode.OK
        );
        (await ListedOverHttp()).ShouldBe([(older.Id, 1, 3), (newer.Id, 2, 0)]);
        (await File.ReadAllTextAsync(pair.OwnerSettings.LogFile, Cancellation)).ShouldContain(
            $"The hash ratchet key {newer.Id} of community {community} was forgotten by ratchet"
        );
    }

    [Fact]
    public async Task Without_an_API_key_nobody_hears_of_them()
    {
        foreach (var authorization in new[] { null, "Bearer ea_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Post, "keys/ratchet"),
                (HttpMethod.Post, $"keys/{community}/ratchet/export"),
                (HttpMethod.Delete, $"keys/{community}/ratchet/{Key(1).Id}"),
            }
        )
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await http.SendAsync(request, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("{}", "keys")]
    [InlineData("""{"keys":[]}""", "1 to")]
    [InlineData("""{"keys":[{"communityId":"0x02"}]}""", "communityId")]
    [InlineData("""{"keys":[1],"keystore":{}}""", "The body is JSON")]
    [InlineData("""{"keystore":{"version":3},"password":"x"}""", "crypto")]
    [InlineData("""{"keystore":7,"password":"x"}""", "version 3")]
    public async Task What_is_no_list_of_keys_is_refused_with_the_reason(string body, string reason)
    {
        await SignIn();
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        using var answer = await http.PostAsync("keys/ratchet", content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(reason);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("keys/ratchet")]
    public async Task A_body_longer_than_a_request_may_be_is_refused_unread(string path)
    {
        await SignIn();
        // JSON to the end: whoever reads it whole before he measures it would take it.
        var body = $$"""{"password":"{{new string('x', HttpApi.MaxBodyBytes)}}"}""";
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        using var answer = await http.PostAsync(path, content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private RatchetKey Key(ulong timestamp) =>
        new(community, timestamp, [.. Enumerable.Range(0, RatchetKey.KeyBytes).Select(i => (byte)(i + (int)timestamp))]);

    private static string Json(params (RatchetKey, uint)[] keys) => System.Text.Encoding.UTF8.GetString(RatchetKeyFile.Write(keys));

    private Task<Cli.Verb> Forget(RatchetKey key, params string[] more) =>
        pair.Say(null, ["keys", "forget", $"{community}", "--ratchet", $"{key.Id}", .. more]);

    private async Task<IEnumerable<(RatchetKeyId, ulong, uint)>> Listed() =>
        Of((await pair.Say(null, "keys", "list", "--json")).ShouldSucceed().Json);

    private async Task<IEnumerable<(RatchetKeyId, ulong, uint)>> ListedOverHttp() =>
        Of(await Answer(await http.GetAsync("keys", Cancellation)));

    private List<(RatchetKeyId, ulong, uint)> Of(JsonElement list) =>
        [
            .. list.GetProperty("ratchetKeys")
                .EnumerateArray()
                .Where(one => one.GetProperty("communityId").GetString() == $"{community}")
                .Select(one =>
                    (
                        RatchetKeyId.Parse(one.GetProperty("keyId").GetString()!),
                        one.GetProperty("timestamp").GetUInt64(),
                        one.GetProperty("seqNo").GetUInt32()
                    )
                ),
        ];

    private async Task SignIn()
    {
        var made = (await pair.Say(null, "apikeys", "create", $"ratchet {Guid.NewGuid()}", "--json")).ShouldSucceed();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Json.GetProperty("key").GetString());
    }

    private static async Task<JsonElement> Answer(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        }
    }
}
