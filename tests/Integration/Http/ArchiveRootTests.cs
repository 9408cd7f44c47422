using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>A node whose archive root goes away, as an unmounted disk does: it says so, waits, and goes on.</summary>
[Collection(ServicePair.Collection)]
public sealed class ArchiveRootTests(ServicePair pair)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_its_root_a_node_neither_cuts_nor_gives_up_nor_seeds_and_goes_on_when_it_is_back()
    {
        var settings = (await pair.NewSettings("mounted", pair.OwnerSettings.Waku, Cancellation)) with
        {
            More = new Dictionary<string, string> { ["Work__MaxAttempts"] = "1", ["Work__RootDelay"] = "00:00:00.200" },
        };
        var away = settings.Archives + "-away";
        // A community of its own: the pair's must not hear of a second owner.
        var key = RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes);
        var community = CommunityKey.IdOf(key);
        var path = new VectorFile("archive-10").WriteInput(pair.Sub("root"), input => input["communityPrivateKey"] = Hex.Encode(key));
        var file = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!;
        await using (var node = await ServiceNode.Start(settings, Cancellation))
        {
            (await Verb.RunWith(settings, null, "messages", "record", path)).ShouldSucceed();
            (await Verb.RunWith(settings, Convert.ToHexStringLower(key), "keys", "import")).ShouldSucceed();
            await pair.Send(
                node,
                "EnableHistoryArchives",
                new
                {
                    communityId = community,
                    controlNode = true,
                    chatIds = file["chatIds"]!.AsArray().Select(chat => (string)chat!),
                }
            );
            Unmount();
            var window = new
            {
                communityId = community,
                from = (ulong)file["startDate"]!,
                to = (ulong)file["endDate"]!,
            };
            (await pair.Send(node, "CreateArchive", window)).Refusal.ShouldBeNull();

            await Until(() => Task.FromResult(Log().Split("waits: The archive root").Length > 3), () => node.Tail);
            (await Faults(node)).ShouldContain("archive_root_missing: ");
            Directory.GetFileSystemEntries(settings.Archives).ShouldBeEmpty();

            Mount();
            await Until(
                async () => (await node.Events(0, Cancellation)).Any(recorded => recorded.Type == "seeding_started"),
                () => node.Tail
            );
            (await node.Events(0, Cancellation)).ShouldNotContain(recorded => recorded.Type == "archive_creation_failed");
            (await Faults(node)).ShouldNotContain("archive_root_missing");

            Unmount();
            await Eventually.Is(() => Log().Contains("Seeding stops: "), "seeding stops");
            (await node.Stop(Cancellation)).ShouldBe(0);
        }
        // The empty folder is there at the start, and only the events know that it was not always empty.
        await using (var again = await ServiceNode.Start(settings, Cancellation))
        {
            (await Faults(again)).ShouldContain("archive_root_missing: ");
            Directory.GetFileSystemEntries(settings.Archives).ShouldBeEmpty();
            Mount();
            await Until(async () => !(await Faults(again)).Contains("archive_root_missing"), () => again.Tail);
        }

        string Log() => File.ReadAllText(settings.LogFile);

        void Unmount()
        {
            Directory.Move(settings.Archives, away);
            Directory.CreateDirectory(settings.Archives);
        }

        void Mount()
        {
            Directory.Delete(settings.Archives);
            Directory.Move(away, settings.Archives);
        }
    }

    private static async Task Until(Func<Task<bool>> condition, Func<string> told)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Limit)
                throw new TimeoutException(told());
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private static async Task<string> Faults(ServiceNode node)
    {
        using var ready = await node.Get("health/ready", Cancellation);
        ready.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
        return JsonNode.Parse(await ready.Content.ReadAsStringAsync(Cancellation))!["faults"]!.ToJsonString();
    }
}
