using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>What a running node answers to questions over HTTP.</summary>
[Collection(ServicePair.Collection)]
public sealed class HttpQuestionsTests(ServicePair pair) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = pair.Owner.Address };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("events?after=-1", HttpStatusCode.BadRequest, "after is a whole number")]
    [InlineData("events?after=soon", HttpStatusCode.BadRequest, "after is a whole number")]
    [InlineData("events?after=99999999999999999999", HttpStatusCode.BadRequest, "after is a whole number")]
    [InlineData("events?limit=0", HttpStatusCode.BadRequest, "limit is 1 to 1000")]
    [InlineData("events?limit=1001", HttpStatusCode.BadRequest, "limit is 1 to 1000")]
    [InlineData("events?community=0x02", HttpStatusCode.BadRequest, "66 hexadecimal digits")]
    [InlineData("events?type=archive_lost", HttpStatusCode.BadRequest, "There are: announcement_failed")]
    [InlineData("events?from=yesterday", HttpStatusCode.BadRequest, "a time like")]
    [InlineData("communities/" + ServicePair.Stranger + "?version=0", HttpStatusCode.BadRequest, "version is a whole number")]
    [InlineData("communities/" + ServicePair.Stranger + "?at=noon", HttpStatusCode.BadRequest, "a time like")]
    [InlineData("communities/" + ServicePair.Stranger + "?version=1", HttpStatusCode.NotFound, "or was not yet then")]
    [InlineData("communities/../../etc", HttpStatusCode.NotFound, null)]
    [InlineData("communities/0x02", HttpStatusCode.BadRequest, "66 hexadecimal digits")]
    [InlineData("communities/" + ServicePair.Stranger, HttpStatusCode.NotFound, "is not known here")]
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
            (await ServicePair.Detail(answer)).ShouldContain(reason);
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
        (await Seqs($"limit=5&community={ServicePair.Stranger}")).ShouldBeEmpty();
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
}
