using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Keys of communities, by command line and over HTTP, and who may speak of them.</summary>
[Collection(ServicePair.Collection)]
public sealed class KeysApiTests(ServicePair pair) : IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { BaseAddress = pair.Owner.Address };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_key_goes_in_over_HTTP_comes_out_under_a_password_and_is_forgotten()
    {
        await SignIn("keys over http");
        var key = RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes);
        var community = CommunityKey.IdOf(key);

        (await Json(await http.PostAsJsonAsync("keys", new { privateKey = Hex.Encode(key) }, Cancellation)))
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
        (await File.ReadAllTextAsync(pair.OwnerSettings.LogFile, Cancellation)).ShouldContain(
            $"The key of community {community} was forgotten by keys over http"
        );
    }

    [Fact]
    public async Task Without_a_key_that_is_known_nobody_hears_of_keys_though_the_rest_is_open_on_loopback()
    {
        foreach (var authorization in new[] { null, "Bearer", "Bearer ea_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Basic ZWE6ZWE=" })
        foreach (var (method, path) in Calls())
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await http.SendAsync(request, Cancellation);

            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path} with {authorization}");
            answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("apikeys create");
        }
        (await http.GetAsync("health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        IEnumerable<(HttpMethod, string)> Calls() =>
            [
                (HttpMethod.Get, "keys"),
                (HttpMethod.Get, "KEYS/"),
                (HttpMethod.Post, "keys"),
                (HttpMethod.Post, $"keys/{pair.Community}/export"),
                (HttpMethod.Delete, $"keys/{pair.Community}"),
            ];
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing()
    {
        await SignIn("revoked");
        (await http.GetAsync("keys", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await pair.Say(null, "apikeys", "revoke", "revoked")).ShouldSucceed();

        (await http.GetAsync("keys", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await pair.Say(null, "apikeys", "revoke", "revoked")).ShouldFail(1, "apikeys list");
        (await pair.Say(null, "apikeys", "list", "--json")).ShouldSucceed().Output.ShouldNotContain("revoked");
    }

    [Theory]
    [InlineData("{}", "privateKey")]
    [InlineData("[]", "privateKey")]
    [InlineData("""{"privateKey":"0x00"}""", "64 hexadecimal digits")]
    [InlineData("""{"privateKey":"0x0000000000000000000000000000000000000000000000000000000000000000"}""", "private key")]
    [InlineData("""{"privateKey":"0x01","keystore":{}}""", "privateKey")]
    [InlineData("""{"keystore":{"version":3},"password":"x"}""", "crypto")]
    [InlineData("""{"privatekey":"0x01","colour":"red"}""", "privateKey")]
    public async Task What_is_no_key_is_refused_with_the_reason(string body, string reason)
    {
        await SignIn("bad bodies " + Guid.NewGuid().ToString("N"));
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        using var answer = await http.PostAsync("keys", content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(reason);
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

    [Fact]
    public async Task A_listener_that_asks_for_a_key_keeps_everything_but_the_sign_of_life_to_those_who_have_one()
    {
        var settings = await pair.NewSettings("guarded", pair.OwnerSettings.Waku, Cancellation);
        settings = settings with { More = new Dictionary<string, string> { ["Http__RequireApiKey"] = "true" } };
        await using var node = await ServiceNode.Start(settings, Cancellation);
        var (_, key, _) = await ServiceNode.Run(settings, ["apikeys", "create", "me"], null, Cancellation);
        using var client = new HttpClient { BaseAddress = node.Address };

        foreach (var path in new[] { "events", "projections/Communities", "health/ready", "health/live/", "keys", "nothing" })
            (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        (await client.GetAsync("health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        foreach (var path in new[] { "events", "projections/Communities", "health/ready", "keys" })
            (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
    }

    [Fact]
    public async Task A_listener_for_everybody_does_not_start_without_sign_in()
    {
        var settings = pair.OwnerSettings with { More = new Dictionary<string, string> { ["Http__Url"] = "http://0.0.0.0:0" } };

        var (code, output, error) = await ServiceNode.Run(settings, ["serve"], null, Cancellation);

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain("Http:RequireApiKey");
    }

    [Theory]
    [InlineData("pem", "")]
    [InlineData("pem", "sesame")]
    [InlineData("pfx", "sesame")]
    public async Task A_key_ring_in_Postgres_serves_whoever_has_the_certificate_and_nobody_else(string form, string password)
    {
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes));
        var settings = await pair.NewSettings($"ring {form}{password}", pair.OwnerSettings.Waku, Cancellation);
        var first = With("first");
        var other = With("other") with { Folder = folder.Sub("elsewhere") };
        (await Run(first, null, "db", "apply")).Code.ShouldBe(0);
        var imported = await Run(first, key, "keys", "import", "--json");
        imported.Code.ShouldBe(0, imported.Error);
        var community = JsonDocument.Parse(imported.Output).RootElement.GetProperty("communityId").GetString()!;

        var elsewhere = first with { Folder = folder.Sub("elsewhere") };
        var exported = await Run(elsewhere, Password, "keys", "export", community, "--out", Path.Combine(folder.Path, "one.json"));
        var refused = await Run(other, Password, "keys", "export", community, "--out", Path.Combine(folder.Path, "two.json"));

        exported.Code.ShouldBe(0, exported.Error);
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("cannot be decrypted");
        var unreadable = first with
        {
            More = new Dictionary<string, string>(first.More!) { ["Data__KeyRingCertificate"] = pair.MessageFile },
        };
        var bad = await Run(unreadable, key, "keys", "import");
        (bad.Code, bad.Error.Contains("Data:KeyRingCertificatePassword")).ShouldBe((2, true), bad.Error);

        ServiceNodeSettings With(string name) =>
            settings with
            {
                More = new Dictionary<string, string>
                {
                    ["Data__KeyRing"] = "Postgres",
                    ["Data__KeyRingCertificate"] = Certificate(Path.Combine(folder.Path, $"{name}.{form}"), password),
                    ["Data__KeyRingCertificatePassword"] = password,
                },
            };

        static async Task<(int Code, string Output, string Error)> Run(
            ServiceNodeSettings node,
            string? input,
            params string[] arguments
        ) => await ServiceNode.Run(node, arguments, input, Cancellation);
    }

    private static string Certificate(string path, string password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(90));
        if (path.EndsWith("pfx", StringComparison.Ordinal))
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        else
            File.WriteAllText(
                path,
                certificate.ExportCertificatePem()
                    + "\n"
                    + (
                        password.Length == 0
                            ? key.ExportPkcs8PrivateKeyPem()
                            : key.ExportEncryptedPkcs8PrivateKeyPem(
                                password,
                                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
                            )
                    )
            );
        return path;
    }

    private async Task SignIn(string name)
    {
        var made = (await pair.Say(null, "apikeys", "create", name, "--json")).ShouldSucceed();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Json.GetProperty("key").GetString());
    }

    private async Task<IEnumerable<string>> Listed() =>
        (await Json(await http.GetAsync("keys", Cancellation)))
            .GetProperty("communities")
            .EnumerateArray()
            .Select(one => one.GetString()!)
            .ToList();

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        }
    }
}
