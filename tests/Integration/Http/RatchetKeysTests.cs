using System.Net;
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
    private readonly CommunityId community = CommunityKey.IdOf(RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

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
        using var http = await pair.SignIn($"ratchet {Guid.NewGuid()}");
        var (older, newer) = (Key(1), Key(2));
        var keys = new { keys = JsonDocument.Parse(Json((older, 3), (newer, 0))).RootElement };

        using var imported = await http.PostAsJsonAsync("keys/ratchet", keys, Cancellation);
        imported.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await imported.Content.ReadFromJsonAsync<JsonElement>(Cancellation))
            .GetProperty("ratchetKeys")
            .EnumerateArray()
            .Select(one => one.GetProperty("keyId").GetString())
            .ShouldBe([$"{older.Id}", $"{newer.Id}"]);
        (await Listed(http)).ShouldBe([(older.Id, 1, 3), (newer.Id, 2, 0)]);
        using var exported = await http.PostAsJsonAsync($"keys/{community}/ratchet/export", new { password = Password }, Cancellation);
        var file = await exported.Content.ReadAsByteArrayAsync(Cancellation);
        RatchetKeystore.Open(file, Password).Select(one => (one.Key.Id, one.SeqNo)).ShouldBe([(older.Id, 3u), (newer.Id, 0u)]);
        foreach (var key in new[] { older, newer })
            (await http.DeleteAsync($"keys/{community}/ratchet/{key.Id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.DeleteAsync($"keys/{community}/ratchet/{newer.Id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Listed(http)).ShouldBeEmpty();

        var keystore = JsonDocument.Parse(file).RootElement;
        var wrong = await http.PostAsJsonAsync("keys/ratchet", new { keystore, password = "wrong password" }, Cancellation);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wrong.Content.ReadAsStringAsync(Cancellation)).ShouldContain("password");
        (await Listed(http)).ShouldBeEmpty();
        (await http.PostAsJsonAsync("keys/ratchet", new { keystore, password = Password }, Cancellation)).StatusCode.ShouldBe(
            HttpStatusCode.OK
        );
        (await Listed(http)).ShouldBe([(older.Id, 1, 3), (newer.Id, 2, 0)]);
        await pair.UntilOwnerLogs($"The hash ratchet key {newer.Id} of community {community} was forgotten by ratchet");
    }

    private RatchetKey Key(ulong timestamp) =>
        new(community, timestamp, [.. Enumerable.Range(0, RatchetKey.KeyBytes).Select(i => (byte)(i + (int)timestamp))]);

    private static string Json(params (RatchetKey, uint)[] keys) => System.Text.Encoding.UTF8.GetString(RatchetKeyFile.Write(keys));

    private Task<Cli.Verb> Forget(RatchetKey key, params string[] more) =>
        pair.Say(null, ["keys", "forget", $"{community}", "--ratchet", $"{key.Id}", .. more]);

    private async Task<IEnumerable<(RatchetKeyId, ulong, uint)>> Listed() =>
        Of((await pair.Say(null, "keys", "list", "--json")).ShouldSucceed().Json);

    private async Task<IEnumerable<(RatchetKeyId, ulong, uint)>> Listed(HttpClient http) =>
        Of(await http.GetFromJsonAsync<JsonElement>("keys", Cancellation));

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
}
