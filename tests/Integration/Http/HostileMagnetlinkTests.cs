using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Commands;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using EventArchive.Waku.Wire;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Signed messages that another service hands in with ReceiveMagnetlink are verified as those that are heard.</summary>
[Collection(ServicePair.Collection)]
public sealed class HostileMagnetlinkTests(ServicePair pair)
{
    private static readonly byte[] StrangersKey = [.. Enumerable.Repeat((byte)0x33, CommunityKey.PrivateKeyBytes)];

    private readonly MagnetlinkMessages messages = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Magnetlink OtherMagnet => Magnetlink.Parse("magnet:?xt=urn:btih:" + new string('b', 40));

    [Fact]
    public async Task A_forged_signer_is_refused() =>
        (await Sent(messages.Sign(StrangersKey, Later, OtherMagnet))).ShouldBe("wrong_signer");

    [Fact]
    public async Task A_message_under_another_type_is_refused_because_the_type_is_not_signed() =>
        (await Sent(Relabelled(messages.Sign(pair.PrivateKey, Later, OtherMagnet), type: 25))).ShouldBe("not_a_magnetlink_message");

    [Fact]
    public async Task A_description_under_the_type_of_a_magnetlink_is_refused()
    {
        var description = new CommunityDescription
        {
            Clock = Later.Milliseconds,
            Permissions = new(),
            Identity = new(),
        };
        var signed = ApplicationMessage.Sign(pair.PrivateKey, Google.Protobuf.MessageExtensions.ToByteArray(description), type: 43);

        (await Sent(signed)).ShouldBe("not_a_magnetlink_message");
    }

    [Fact]
    public async Task A_message_that_was_cut_short_is_refused() =>
        (await Sent(messages.Sign(pair.PrivateKey, Later, OtherMagnet)[..^1])).ShouldBe("not_a_magnetlink_message");

    [Fact]
    public async Task An_oversized_message_is_refused_before_it_is_a_command()
    {
        using var http = new HttpClient { BaseAddress = pair.Member.Address };
        var body = new { communityId = pair.Community, signedMessage = new byte[ReceiveMagnetlinkValidator.MaxMessageBytes + 1] };

        using var answer = await http.PostAsJsonAsync("commands/ReceiveMagnetlink", body, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("at most");
    }

    [Fact]
    public async Task The_highest_clock_there_is_is_ignored_with_the_reason()
    {
        var signed = messages.Sign(pair.PrivateKey, new Clock(ulong.MaxValue), OtherMagnet);

        (await Sent(signed)).ShouldBe("magnetlink_ignored");
        // Again it is no news, whoever sends it.
        (await Sent(signed)).ShouldBe("");
        var ignored = (await pair.Member.Events(0, Cancellation)).Last(e => e.Type == "magnetlink_ignored");
        ignored.Data.GetProperty("reason").GetInt32().ShouldBe((int)Events.IgnoredBecause.ClockTooFarAhead);
    }

    [Fact]
    public async Task A_replay_of_what_was_heard_is_no_news_and_an_older_clock_is_ignored_with_the_reason()
    {
        var received = (await pair.Member.Events(0, Cancellation)).Last(e => e.Type == "magnetlink_received").Data;

        (await Sent(received.GetProperty("signedMessage").GetBytesFromBase64())).ShouldBe("");
        var older = new Clock(received.GetProperty("clock").GetUInt64() - 1);
        (await Sent(messages.Sign(pair.PrivateKey, older, OtherMagnet))).ShouldBe("magnetlink_ignored");
        (await pair.Member.Events(0, Cancellation))
            .Last(e => e.Type == "magnetlink_ignored" && e.Data.GetProperty("clock").GetUInt64() == older.Milliseconds)
            .Data.GetProperty("reason")
            .GetInt32()
            .ShouldBe((int)Events.IgnoredBecause.OlderClock);
    }

    [Fact]
    public async Task The_control_node_s_next_clock_is_above_one_of_its_own_that_it_did_not_know_because_its_backup_may_be_old()
    {
        // As if this node had been restored from before an announcement with this clock, on a machine whose clock is behind.
        var lost = new Clock(Later.Milliseconds + (ulong)TimeSpan.FromMinutes(5).TotalMilliseconds);
        var heard = new { communityId = pair.Community, signedMessage = messages.Sign(pair.PrivateKey, lost, OtherMagnet) };
        (await pair.Send(pair.Owner, "ReceiveMagnetlink", heard)).Refusal.ShouldBeNull();

        IReadOnlyList<Guid> asked = [];
        JsonElement? prepared = null;
        await Deadline.Until(
            "it is announced, when no other announcement is under way",
            async () =>
            {
                if (asked.Count == 0)
                    asked = (await pair.Send(pair.Owner, "AnnounceArchive", new { communityId = pair.Community })).EventIds;
                prepared = (await pair.Owner.Events(0, Cancellation))
                    .SkipWhile(e => !asked.Contains(e.Id))
                    .FirstOrDefault(e => e.Type == "announcement_prepared")
                    ?.Data;
                return prepared is not null;
            },
            TimeSpan.FromSeconds(60),
            Cancellation
        );

        prepared!.Value.GetProperty("clock").GetUInt64().ShouldBe(lost.Milliseconds + 1);
        messages.Open(prepared.Value.GetProperty("signedMessage").GetBytesFromBase64()).Clock.Milliseconds.ShouldBe(lost.Milliseconds + 1);
        await pair.UntilAnnounced();
    }

    private static Clock Later => new((ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>What the member made of it: the refusal's code, or the events.</summary>
    private async Task<string> Sent(byte[] signedMessage)
    {
        var outcome = await pair.Send(pair.Member, "ReceiveMagnetlink", new { communityId = pair.Community, signedMessage });
        List<string> types = [];
        // The feed ends at the daemon's mark, which follows the commit.
        await Deadline.Until(
            "the events are in the feed",
            async () =>
            {
                types = [.. (await pair.Member.Events(0, Cancellation)).Where(e => outcome.EventIds.Contains(e.Id)).Select(e => e.Type)];
                return types.Count == outcome.EventIds.Count;
            },
            TimeSpan.FromSeconds(30),
            Cancellation
        );
        return outcome.Refusal?.Code ?? string.Join(' ', types);
    }

    private static byte[] Relabelled(byte[] signed, int type)
    {
        var message = ApplicationMetadataMessage.Parser.ParseFrom(signed);
        message.Type = type;
        return Google.Protobuf.MessageExtensions.ToByteArray(message);
    }
}
