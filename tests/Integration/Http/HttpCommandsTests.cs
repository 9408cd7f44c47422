using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>What a running node answers to commands over HTTP, and to bad ones most of all.</summary>
[Collection(ServicePair.Collection)]
public sealed class HttpCommandsTests(ServicePair pair) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = pair.Owner.Address };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("CreateArchive", "{}", "communityId", "communityId is missing")]
    [InlineData("CreateArchive", """{"communityId":null}""", "communityId", "it is a text")]
    [InlineData("CreateArchive", """{"communityId":"0x02"}""", "communityId", "66 hexadecimal digits")]
    [InlineData("CreateArchive", """{"communityId":"ID","from":"yesterday"}""", "from", "whole number")]
    [InlineData("CreateArchive", """{"communityId":"ID","from":-1}""", "from", "whole number")]
    [InlineData("CreateArchive", """{"communityId":"ID","from":20,"to":10}""", "to", "To lies after From")]
    [InlineData("CreateArchive", """{"communityId":"ID","partitionSeconds":1}""", "partitionSeconds", "between 60")]
    [InlineData("CreateArchive", """{"communityId":"ID","colour":"red"}""", "colour", "There is no field colour")]
    [InlineData("CreateArchive", """{"communityId":"ID","communityId":"ID"}""", "", "uplicate")]
    [InlineData("CreateArchive", "{nonsense", "", "is not JSON")]
    [InlineData("CreateArchive", "", "", "is not JSON")]
    [InlineData("CreateArchive", "[]", "", "JSON object")]
    [InlineData("EnableHistoryArchives", """{"communityId":"ID","chatIds":["a"]}""", "controlNode", "controlNode is missing")]
    [InlineData("EnableHistoryArchives", """{"communityId":"ID","controlNode":true}""", "chatIds", "give ChatIds or ContentTopics")]
    [InlineData("ReceiveMagnetlink", """{"communityId":"ID"}""", "signedMessage", "signedMessage is missing")]
    [InlineData("ReceiveMagnetlink", """{"communityId":"ID","signedMessage":"%"}""", "signedMessage", "base64")]
    public async Task A_wrong_command_is_refused_with_the_field_and_the_reason(string name, string body, string field, string reason)
    {
        using var answer = await Post(name, body.Replace("\"ID\"", $"\"{pair.Community}\"", StringComparison.Ordinal));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldContain(field);
        problem.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldContain(reason);
        problem.GetProperty("detail").GetString()!.ShouldContain(reason);
        problem.GetProperty("detail").GetString()!.ShouldNotContain("System.");
    }

    [Fact]
    public async Task Every_missing_and_unknown_field_is_named_at_once()
    {
        using var answer = await Post("EnableHistoryArchives", """{"comunityId":"0x02"}""");

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem
            .GetProperty("errors")
            .EnumerateObject()
            .Select(error => error.Name)
            .ShouldBe(["communityId", "controlNode", "comunityId"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Frobnicate")]
    // A report is made in process alone.
    [InlineData("CompleteArchive")]
    public async Task An_unknown_command_is_answered_with_those_there_are(string name)
    {
        using var answer = await Post(name, "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var detail = await ServicePair.Detail(answer);
        foreach (var known in CommandReader.Names)
            detail.ShouldContain(known);
        CommandReader.Names.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_before_it_is_read()
    {
        using var request = Request("CreateArchive", $$"""{"communityId":"{{new string('a', HttpApi.MaxBodyBytes)}}"}""");
        request.Headers.ExpectContinue = true;

        using var answer = await http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await ServicePair.Detail(answer)).ShouldContain($"at most {HttpApi.MaxBodyBytes} bytes");
    }

    [Fact]
    public async Task Plain_text_is_no_command_because_a_page_in_a_browser_could_send_it_unasked()
    {
        using var request = Request("AnnounceArchive", $$"""{"communityId":"{{pair.Community}}"}""");
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        using var answer = await http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await ServicePair.Detail(answer)).ShouldContain("application/json");
    }

    [Theory]
    [InlineData("")]
    [InlineData("again")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task A_key_that_is_no_uuid_is_refused_since_it_could_not_make_the_command_happen_once(string key)
    {
        using var request = Request("AnnounceArchive", $$"""{"communityId":"{{pair.Community}}"}""");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();

        using var answer = await http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ServicePair.Detail(answer)).ShouldContain("Idempotency-Key is a UUID");
    }

    [Fact]
    public async Task The_answer_is_the_outcome_that_is_stored_and_a_repeat_is_answered_with_it_whatever_it_asks()
    {
        using var first = Request("AnnounceArchive", $$"""{"communityId":"{{ServicePair.Stranger}}"}""");
        var key = Guid.CreateVersion7();
        first.Headers.Add("Idempotency-Key", key.ToString());
        using var answer = await http.SendAsync(first, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().ShouldBe($"/commands/{key}");
        var said = await answer.Content.ReadAsStringAsync(Cancellation);
        said.ShouldContain("unknown_community");
        (await http.GetStringAsync($"commands/{key}", Cancellation)).ShouldBe(said);

        using var again = Request("RestoreArchive", $$"""{"communityId":"{{ServicePair.Stranger}}"}""");
        again.Headers.Add("Idempotency-Key", key.ToString());
        using var repeat = await http.SendAsync(again, Cancellation);
        (await repeat.Content.ReadAsStringAsync(Cancellation)).ShouldBe(said);
    }

    [Fact]
    public async Task A_command_for_an_unknown_community_is_taken_and_then_refused_with_its_code()
    {
        var outcome = await pair.Send(pair.Owner, "CreateArchive", new { communityId = ServicePair.Stranger });

        outcome.Refusal!.Code.ShouldBe("unknown_community");
        outcome.Refusal.Reason.ShouldContain("EnableHistoryArchives");
        outcome.EventIds.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_signed_by_another_key_is_refused_and_leaves_no_event()
    {
        var forged = MagnetlinkEnvelope.Encode(
            new MagnetlinkInput
            {
                CommunityPrivateKey = "0x" + new string('2', 64),
                Clock = 4_000_000_000_000,
                MagnetUri = $"magnet:?xt=urn:btih:{new string('a', 40)}&dn={pair.Community}",
            }
        );

        var signedMessage = Hex.Decode(forged.Wrapped, "wrapped");
        var outcome = await pair.Send(pair.Member, "ReceiveMagnetlink", new { communityId = pair.Community, signedMessage });

        outcome.Refusal!.Code.ShouldBe("wrong_signer");
        outcome.EventIds.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_key_twice_gives_the_first_outcome_again()
    {
        var id = Guid.CreateVersion7();
        var body = new { communityId = ServicePair.Stranger };

        (await pair.Owner.Send("AnnounceArchive", body, Cancellation, id)).ShouldBe(id);
        var first = await pair.Owner.Outcome(id, TimeSpan.FromSeconds(30), Cancellation);
        await pair.Owner.Send("AnnounceArchive", body, Cancellation, id);

        (await pair.Owner.Outcome(id, TimeSpan.FromSeconds(30), Cancellation)).Refusal.ShouldBe(first.Refusal);
    }

    private static HttpRequestMessage Request(string name, string body) =>
        new(HttpMethod.Post, $"commands/{name}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private async Task<HttpResponseMessage> Post(string name, string body)
    {
        using var request = Request(name, body);
        return await http.SendAsync(request, Cancellation);
    }
}
