using System.Net;
using System.Net.Http.Json;
using EventArchive.Commands;
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

    private static Clock Later => new((ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>What the member made of it: the refusal's code, or the events.</summary>
    private async Task<string> Sent(byte[] signedMessage)
    {
        var outcome = await pair.Send(pair.Member, "ReceiveMagnetlink", new { communityId = pair.Community, signedMessage });
        var events = (await pair.Member.Events(0, Cancellation)).Where(e => outcome.EventIds.Contains(e.Id)).Select(e => e.Type);
        return outcome.Refusal?.Code ?? string.Join(' ', events);
    }

    private static byte[] Relabelled(byte[] signed, int type)
    {
        var message = ApplicationMetadataMessage.Parser.ParseFrom(signed);
        message.Type = type;
        return Google.Protobuf.MessageExtensions.ToByteArray(message);
    }
}
