using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Waku;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>The service as a control node: what is said is in its database, and what nobody could tell is an event that an operator can list.</summary>
public sealed class RecordingServiceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_is_recorded_and_a_gap_is_listed_until_a_store_fills_it()
    {
        await using var postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        await using var node = await FaultServer.Start(seed: 9, Cancellation);
        node.Refuses = ["/store/"];
        var settings = new ServiceNodeSettings(
            "owner",
            folder.Sub("owner"),
            await postgres.CreateDatabase(Cancellation),
            node.Address,
            More: new Dictionary<string, string>
            {
                ["Waku__Settle"] = "00:00:01",
                ["Waku__GapCheck"] = "00:00:00.2",
                ["Waku__GapPatience"] = "00:00:01",
                ["Waku__RetryDelay"] = "00:00:00.01",
            }
        );
        await using var service = await ServiceNode.Start(settings, Cancellation);
        (await Verb.RunWith(settings, new string('1', 64), "keys", "import")).ShouldSucceed();
        await Enable(
            service,
            new
            {
                communityId = Chatter.Community,
                controlNode = true,
                chatIds = new[] { Chatter.ChatId },
            }
        );
        (await Verb.RunWith(settings, null, "gaps", "--community", "0x02" + new string('0', 63) + "1")).ShouldFail(1, "not known here");

        await Until("the node is subscribed", () => Task.FromResult(node.IsSubscribed));
        node.Hear(PubsubTopic.Default, Chatter.Says([1], TimeProvider.System.GetUtcNow()));
        await Until("it is recorded", async () => await Recorded(service) == 1);

        await Until("the gap is a fact", async () => await Has(service, "history_gap_found"));
        var listed = (await Verb.RunWith(settings, null, "gaps", "--community", Chatter.Community.ToString(), "--json"))
            .ShouldSucceed()
            .Json;
        listed.GetProperty("gaps")[0].GetProperty("contentTopic").GetString().ShouldBe(Chatter.Topic.ToString());
        (await service.Community(Chatter.Community.ToString(), Cancellation)).GetProperty("gaps").GetArrayLength().ShouldBeGreaterThan(0);

        node.Hear(PubsubTopic.Default, Chatter.Says([2], TimeProvider.System.GetUtcNow().AddDays(-3)));
        node.Refuses = [];
        await Until("the old message is there", async () => await Recorded(service) == 2);
        await Until(
            "it is no gap any more",
            async () =>
                (await Verb.RunWith(settings, null, "gaps", "--community", Chatter.Community.ToString())).Output.Contains(
                    "No gap is known."
                )
        );
        (await Has(service, "history_gap_filled")).ShouldBeTrue();
        await service.Stop(Cancellation);
    }

    [Fact]
    public async Task A_channel_that_is_known_by_content_topic_alone_is_recorded_from_its_imported_key_on_and_what_was_said_before_too()
    {
        await using var postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        await using var node = await FaultServer.Start(seed: 10, Cancellation);
        var settings = new ServiceNodeSettings(
            "owner",
            folder.Sub("owner"),
            await postgres.CreateDatabase(Cancellation),
            node.Address,
            More: new Dictionary<string, string> { ["Waku__Settle"] = "00:00:01", ["Waku__GapCheck"] = "00:00:00.2" }
        );
        await using var service = await ServiceNode.Start(settings, Cancellation);
        (await Verb.RunWith(settings, new string('1', 64), "keys", "import")).ShouldSucceed();
        await Enable(
            service,
            new
            {
                communityId = Chatter.Community,
                controlNode = true,
                contentTopics = new[] { Chatter.Topic },
            }
        );
        await Until("the node is subscribed", () => Task.FromResult(node.IsSubscribed));
        node.Hear(PubsubTopic.Default, Chatter.Says([1], TimeProvider.System.GetUtcNow()));
        (await Gaps()).ShouldContain("keys import --channel");

        var key = Convert.ToHexString(new WakuKeys().Of(Chatter.ChatId).Span);
        string[] import = ["keys", "import", "--channel", $"{Chatter.Topic}", "--community", $"{Chatter.Community}"];
        (await Verb.RunWith(settings, key, import)).ShouldSucceed();
        await Until("what was said before the key came is there", async () => await Recorded(service) == 1);
        node.Hear(PubsubTopic.Default, Chatter.Says([2], TimeProvider.System.GetUtcNow()));
        await Until("what is said now is there", async () => await Recorded(service) == 2);
        (await Gaps()).ShouldContain($"{Chatter.Topic}  accounted for");
        await service.Stop(Cancellation);

        async Task<string> Gaps() =>
            (await Verb.RunWith(settings, null, "gaps", "--community", Chatter.Community.ToString())).ShouldSucceed().Output;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        folder.Dispose();
    }

    private static async Task Enable(ServiceNode service, object body)
    {
        var outcome = await service.Outcome(await service.Send("EnableHistoryArchives", body, Cancellation), Limit, Cancellation);
        outcome.Refusal.ShouldBeNull();
    }

    private static async Task<long> Recorded(ServiceNode service) =>
        (await service.Community(Chatter.Community.ToString(), Cancellation)).GetProperty("messages").GetInt64();

    private static async Task<bool> Has(ServiceNode service, string type) =>
        (await service.Events(0, Cancellation)).Any(recorded => recorded.Type == type);

    private static Task Until(string what, Func<Task<bool>> condition) => Deadline.Until(what, condition, Limit, Cancellation);
}
