using System.Net;
using System.Net.Http.Headers;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Who may speak to the service over HTTP.</summary>
[Collection(ServicePair.Collection)]
public sealed class SignInTests(ServicePair pair)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_that_is_known_nobody_hears_of_keys_though_the_rest_is_open_on_loopback()
    {
        using var http = new HttpClient { BaseAddress = pair.Owner.Address };
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
                (HttpMethod.Post, "keys/ratchet"),
                (HttpMethod.Post, $"keys/{pair.Community}/ratchet/export"),
                (HttpMethod.Delete, $"keys/{pair.Community}/ratchet/0x{new string('0', 64)}"),
                (HttpMethod.Post, "keys/channel"),
                (HttpMethod.Post, $"keys/{pair.Community}/channel/0x0badcafe/export"),
                (HttpMethod.Delete, $"keys/{pair.Community}/channel/0x0badcafe"),
            ];
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing()
    {
        using var http = await pair.SignIn("revoked");
        (await http.GetAsync("keys", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await pair.Say(null, "apikeys", "revoke", "revoked")).ShouldSucceed();

        (await http.GetAsync("keys", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await pair.Say(null, "apikeys", "revoke", "revoked")).ShouldFail(1, "apikeys list");
        (await pair.Say(null, "apikeys", "list", "--json")).ShouldSucceed().Output.ShouldNotContain("revoked");
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
}
