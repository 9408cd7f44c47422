using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>What a running node answers to whoever speaks HTTP with it, and to bad input most of all.</summary>
[Collection(ServicePair.Collection)]
public sealed class HttpApiTests(ServicePair pair) : IDisposable
{
    private const string Stranger = "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

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
    // A report is for reactors alone.
    [InlineData("CompleteArchive")]
    public async Task An_unknown_command_is_answered_with_those_there_are(string name)
    {
        using var answer = await Post(name, "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var detail = await Detail(answer);
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
        (await Detail(answer)).ShouldContain($"at most {HttpApi.MaxBodyBytes} bytes");
    }

    [Fact]
    public async Task Plain_text_is_no_command_because_a_page_in_a_browser_could_send_it_unasked()
    {
        using var request = Request("AnnounceArchive", $$"""{"communityId":"{{pair.Community}}"}""");
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        using var answer = await http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Detail(answer)).ShouldContain("application/json");
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
        (await Detail(answer)).ShouldContain("Idempotency-Key is a UUID");
    }

    [Fact]
    public async Task A_command_for_an_unknown_community_is_taken_and_then_refused_with_its_code()
    {
        var before = await pair.Owner.Events(0, Cancellation);

        var outcome = await pair.Send(pair.Owner, "CreateArchive", new { communityId = Stranger });

        outcome.Refusal!.Code.ShouldBe("unknown_community");
        outcome.Refusal.Reason.ShouldContain("EnableHistoryArchives");
        (await pair.Owner.Events(0, Cancellation)).Count.ShouldBe(before.Count);
    }

    [Fact]
    public async Task A_message_signed_by_another_key_is_refused_and_leaves_no_event()
    {
        var before = await pair.Member.Events(0, Cancellation);
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
        (await pair.Member.Events(0, Cancellation)).Count.ShouldBe(before.Count);
    }

    [Fact]
    public async Task The_same_key_twice_gives_the_first_outcome_again()
    {
        var id = Guid.CreateVersion7();
        var body = new { communityId = Stranger };

        (await pair.Owner.Send("AnnounceArchive", body, Cancellation, id)).ShouldBe(id);
        var first = await pair.Owner.Outcome(id, TimeSpan.FromSeconds(30), Cancellation);
        await pair.Owner.Send("AnnounceArchive", body, Cancellation, id);

        (await pair.Owner.Outcome(id, TimeSpan.FromSeconds(30), Cancellation)).Refusal.ShouldBe(first.Refusal);
    }

    [Theory]
    [InlineData("events?after=-1", HttpStatusCode.BadRequest, "after is a whole number")]
    [InlineData("events?after=soon", HttpStatusCode.BadRequest, "after is a whole number")]
    [InlineData("events?after=99999999999999999999", HttpStatusCode.BadRequest, "after is a whole number")]
    [InlineData("events?limit=0", HttpStatusCode.BadRequest, "limit is 1 to 1000")]
    [InlineData("events?limit=1001", HttpStatusCode.BadRequest, "limit is 1 to 1000")]
    [InlineData("events?community=0x02", HttpStatusCode.BadRequest, "66 hexadecimal digits")]
    [InlineData("events?type=archive_lost", HttpStatusCode.BadRequest, "There are: announcement_failed")]
    [InlineData("events?from=yesterday", HttpStatusCode.BadRequest, "a time like")]
    [InlineData("communities/" + Stranger + "?version=0", HttpStatusCode.BadRequest, "version is a whole number")]
    [InlineData("communities/" + Stranger + "?at=noon", HttpStatusCode.BadRequest, "a time like")]
    [InlineData("communities/" + Stranger + "?version=1", HttpStatusCode.NotFound, "or was not yet then")]
    [InlineData("communities/../../etc", HttpStatusCode.NotFound, null)]
    [InlineData("communities/0x02", HttpStatusCode.BadRequest, "66 hexadecimal digits")]
    [InlineData("communities/" + Stranger, HttpStatusCode.NotFound, "is not known here")]
    [InlineData("projections/Nothing", HttpStatusCode.NotFound, "There are: MagnetlinkClocks, Communities")]
    [InlineData("projections/PendingWork", HttpStatusCode.NotFound, "There is no projection")]
    [InlineData("projections/Timeline?community=0x02", HttpStatusCode.BadRequest, "66 hexadecimal digits")]
    [InlineData("projections/Timeline?limit=0", HttpStatusCode.BadRequest, "limit is 1 to 1000")]
    [InlineData("projections/Timeline?limit=many", HttpStatusCode.BadRequest, "limit is 1 to 1000")]
    [InlineData("projections/Timeline?after=%00", HttpStatusCode.BadRequest, "after is the key")]
    [InlineData("commands/again", HttpStatusCode.BadRequest, "a UUID")]
    [InlineData("commands/0196f0c2-5a3b-7c00-8000-1234567890ab", HttpStatusCode.NotFound, "handled yet")]
    public async Task A_wrong_question_is_answered_with_what_to_ask(string path, HttpStatusCode status, string? reason)
    {
        using var answer = await http.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        if (reason is not null)
            (await Detail(answer)).ShouldContain(reason);
    }

    [Fact]
    public async Task Events_come_in_pages_in_the_order_of_their_numbers()
    {
        var all = await pair.Owner.Events(0, Cancellation);
        all.Count.ShouldBeGreaterThan(4);
        List<long> paged = [];
        while (true)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"events?after={paged.LastOrDefault()}&limit=2", Cancellation);
            page.GetArrayLength().ShouldBeLessThanOrEqualTo(2);
            if (page.GetArrayLength() == 0)
                break;
            paged.AddRange(page.EnumerateArray().Select(e => e.GetProperty("seq").GetInt64()));
        }
        paged.Take(all.Count).ShouldBe(all.Select(e => e.Seq));
        paged.ShouldBeInOrder();
    }

    [Fact]
    public async Task Events_are_asked_for_by_community_type_and_time()
    {
        var all = (await pair.Owner.Events(0, Cancellation)).Take(5).ToList();
        var (first, third) = (all[0], all[2]);

        (await Seqs($"limit=5&community={pair.Community}")).ShouldBe(all.Select(e => e.Seq));
        (await Seqs($"limit=5&community={Stranger}")).ShouldBeEmpty();
        (await Seqs("type=history_archives_enabled")).ShouldContain(first.Seq);
        (await Seqs($"before={Text(third.At)}")).ShouldBe(all.Where(e => e.At < third.At).Select(e => e.Seq));
        (await Seqs($"limit=1&from={Text(third.At)}")).ShouldBe([all.First(e => e.At >= third.At).Seq]);

        async Task<long[]> Seqs(string query) =>
            [
                .. (await http.GetFromJsonAsync<JsonElement>($"events?{query}", Cancellation))
                    .EnumerateArray()
                    .Select(e => e.GetProperty("seq").GetInt64()),
            ];

        static string Text(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));
    }

    [Fact]
    public async Task A_community_is_shown_as_it_stood_at_a_version_or_a_time()
    {
        var first = (await pair.Owner.Events(0, Cancellation))[0];
        var now = await http.GetFromJsonAsync<JsonElement>($"communities/{pair.Community}", Cancellation);
        var byVersion = await http.GetFromJsonAsync<JsonElement>($"communities/{pair.Community}?version=1", Cancellation);
        var byTime = await http.GetFromJsonAsync<JsonElement>(
            $"communities/{pair.Community}?at={Uri.EscapeDataString(first.At.ToString("O"))}",
            Cancellation
        );

        now.GetProperty("version").GetInt64().ShouldBeGreaterThan(1);
        byVersion.GetProperty("version").GetInt64().ShouldBe(1);
        byVersion.GetProperty("torrent").ValueKind.ShouldBe(JsonValueKind.Null);
        byTime.GetProperty("version").GetInt64().ShouldBe(1);
        using var before = await http.GetAsync($"communities/{pair.Community}?at=2020-01-01T00:00:00Z", Cancellation);
        before.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Projections_are_read_in_pages_in_the_order_of_their_keys()
    {
        var all = await http.GetFromJsonAsync<JsonElement>($"projections/Timeline?community={pair.Community}&limit=1000", Cancellation);
        var keys = Keys(all);
        keys.Length.ShouldBeGreaterThan(4);
        all.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        all.GetProperty("rows")[0].GetProperty("row").GetProperty("type").GetString().ShouldBe("history_archives_enabled");

        var first = await http.GetFromJsonAsync<JsonElement>($"projections/timeline?community={pair.Community}&limit=2", Cancellation);
        var next = first.GetProperty("next").GetString();
        var second = await http.GetFromJsonAsync<JsonElement>(
            $"projections/timeline?after={Uri.EscapeDataString(next!)}&limit=2",
            Cancellation
        );

        keys[..4].ShouldBe([.. Keys(first), .. Keys(second)]);

        static string[] Keys(JsonElement page) =>
            [.. page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key").GetString()!)];
    }

    [Fact]
    public async Task A_healthy_node_is_live_and_ready_and_names_its_subscriptions()
    {
        (await http.GetFromJsonAsync<JsonElement>("health/live", Cancellation)).GetProperty("status").GetString().ShouldBe("live");
        var ready = await http.GetFromJsonAsync<JsonElement>("health/ready", Cancellation);
        ready.GetProperty("faults").GetArrayLength().ShouldBe(0);
        ready.GetProperty("subscriptions").GetArrayLength().ShouldBeGreaterThan(0);
        ready.GetProperty("peer").GetString().ShouldBe($"127.0.0.1:{pair.OwnerSettings.TorrentPort}");
    }

    [Fact]
    public async Task A_community_tells_where_its_history_stands()
    {
        var community = await pair.Member.Community(pair.Community.ToString(), Cancellation);

        community.GetProperty("messages").GetInt64().ShouldBe(10);
        community.GetProperty("controlNode").GetBoolean().ShouldBeFalse();
    }

    private static HttpRequestMessage Request(string name, string body) =>
        new(HttpMethod.Post, $"commands/{name}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private async Task<HttpResponseMessage> Post(string name, string body)
    {
        using var request = Request(name, body);
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<string> Detail(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString()!;
}
