using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.EventStore;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Readiness tells of Waku nodes that are away.</summary>
[Collection(ServicePair.Collection)]
public sealed class WakuHealthTests(ServicePair pair)
{
    /// <summary>Nobody listens on port 1.</summary>
    private const string Absent = "http://127.0.0.1:1/";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_Waku_node_that_is_away_is_named_and_only_when_all_are_away_is_the_service_not_ready()
    {
        await using var waku = await WakuDevNode.Start(Cancellation);
        var settings = await pair.NewSettings("deaf", waku.Rest, Cancellation) with
        {
            More = new Dictionary<string, string>
            {
                ["Waku__Nodes__0"] = Absent,
                ["Waku__Nodes__1"] = waku.Rest.ToString(),
                ["Waku__MaxReconnectDelay"] = "00:00:01",
                ["Waku__BreakDuration"] = "00:00:01",
            },
        };
        await using var node = await ServiceNode.Start(settings, Cancellation);
        var enable = new
        {
            communityId = pair.Community,
            controlNode = false,
            chatIds = new[] { "a" },
        };
        (await pair.Send(node, "EnableHistoryArchives", enable)).Refusal.ShouldBeNull();

        await Ready("the node that was never there is named", HttpStatusCode.OK, Absent);
        await waku.Kill();
        await Ready("both are away", HttpStatusCode.ServiceUnavailable, Absent, waku.Rest.ToString());
        await waku.Restart(Cancellation);
        await Ready("one is back", HttpStatusCode.OK, Absent);

        async Task Ready(string what, HttpStatusCode status, params string[] away) =>
            await Deadline.Until(
                what,
                async () =>
                {
                    using var ready = await node.Get("health/ready", Cancellation);
                    var told = await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
                    var faults = told.GetProperty("faults").EnumerateArray().Count(one => one.GetString()!.StartsWith("waku: away since"));
                    return ready.StatusCode == status
                        && told.GetProperty("wakuAway")
                            .EnumerateArray()
                            .Select(one => one.GetProperty("node").GetString()!)
                            .SequenceEqual(away)
                        && faults == (status == HttpStatusCode.OK ? 0 : away.Length);
                },
                Limit,
                Cancellation
            );
    }
}
