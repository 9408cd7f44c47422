using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.MainLine;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

/// <summary>A running seeder is asked over HTTP to hash its files again.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private PrivatePostgres postgres = null!;
    private ServiceNodeSettings settings = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Path(int community) => $"seeding/{SeededCommunities.Id(community)}/verification";

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        settings = new ServiceNodeSettings(
            "seeder",
            folder.Sub("seeder"),
            await postgres.CreateDatabase(Cancellation),
            // Nobody listens there: nothing is to be heard.
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            More: Line.ImpatientSettings
        );
        await SeededCommunities.Make(settings, 2, seeded: true, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var kept = new LineNode(settings))
            kept.KeepLog(nameof(VerificationTests));
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_node_tells_how_a_verification_ended_and_stops_serving_what_is_wrong_until_it_is_restored()
    {
        await using var node = await ServiceNode.Start(settings, Cancellation);
        using var http = new HttpClient { BaseAddress = node.Address };
        (await Ask(http, "seeding/0x02/verification")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Ask(http, Path(2))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync(Path(0), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // A browser sends it to this machine from any page, without being asked.
        (await http.PostAsync(Path(0), null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

        var whole = await Verified(http, 0);

        whole.GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null);
        whole.GetProperty("doneBytes").GetInt64().ShouldBe(whole.GetProperty("totalBytes").GetInt64());
        (await Ready(http)).ShouldNotContain("is not served");

        // Size and time stay the same: nothing but hashing tells.
        var data = System.IO.Path.Combine(settings.Archives, $"{SeededCommunities.Id(0)}", "data");
        var (right, time) = (await File.ReadAllBytesAsync(data, Cancellation), File.GetLastWriteTimeUtc(data));
        byte[] wrong = [(byte)(right[0] ^ 1), .. right[1..]];
        await File.WriteAllBytesAsync(data, wrong, Cancellation);
        File.SetLastWriteTimeUtc(data, time);

        (await Verified(http, 0)).GetProperty("fault").GetString().ShouldNotBeNull().ShouldContain($"piece 0 in {data}");
        (await Ready(http)).ShouldContain($"torrent of {SeededCommunities.Id(0)} is not served: The files do not fit");
        (await File.ReadAllBytesAsync(data, Cancellation)).ShouldBe(wrong, "nothing was fetched over it");
        (await Verified(http, 1)).GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null, "other torrents are none of its concern");

        await File.WriteAllBytesAsync(data, right, Cancellation);
        File.SetLastWriteTimeUtc(data, time);
        (await Verified(http, 0)).GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Ready(http)).ShouldNotContain("is not served");
        var log = await File.ReadAllTextAsync(settings.LogFile, Cancellation);
        log.ShouldContain("was verified: all of its");
        log.ShouldContain("was verified, and is not served: The files do not fit");
    }

    private static Task<HttpResponseMessage> Ask(HttpClient http, string path) => http.PutAsync(path, null, Cancellation);

    /// <summary>Asks as soon as the torrent is loaded, and waits for the end.</summary>
    private static async Task<JsonElement> Verified(HttpClient http, int community)
    {
        await Deadline.Until(
            "a verification begins",
            async () => (await Ask(http, Path(community))).StatusCode == HttpStatusCode.Accepted,
            Limit,
            Cancellation
        );
        JsonElement told = default;
        await Deadline.Until(
            "the verification ends",
            async () =>
                (told = await http.GetFromJsonAsync<JsonElement>(Path(community), Cancellation)).GetProperty("endedAt").ValueKind
                != JsonValueKind.Null,
            Limit,
            Cancellation
        );
        return told;
    }

    private static async Task<string> Ready(HttpClient http)
    {
        using var ready = await http.GetAsync("health/ready", Cancellation);
        return await ready.Content.ReadAsStringAsync(Cancellation);
    }
}
