using System.Text.Json;
using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class MagnetlinkEnvelopeTests
{
    /// <summary>Random by nature, or (with a bundle) what only the sender's account can make.</summary>
    private static readonly string[] Random =
    [
        "wakuMessage",
        "wakuMessageHash",
        "wakuPayload",
        "wakuPayloadNonce",
        "wakuPayloadPlain",
        "meta",
    ];
    private static readonly string[] OfTheBundle = ["protocolMessage", "wakuPayloadPadding"];

    public static TheoryData<string> Cases => [.. MessageVector.Names.Where(name => MessageVector.Named(name).HasInput)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_deterministic_layer_is_the_one_status_go_makes(string name)
    {
        var vector = MessageVector.Named(name);
        var encoded = JsonSerializer.SerializeToElement(MagnetlinkEnvelope.Encode(Input(vector)), MagnetlinkEnvelope.Json);
        var bundle = vector.Input.TryGetProperty("withBundle", out _);
        foreach (var field in vector.Encoded.EnumerateObject())
        {
            if (Random.Contains(field.Name) || (bundle && OfTheBundle.Contains(field.Name)))
                continue;
            encoded.GetProperty(field.Name).ToString().ShouldBe(field.Value.ToString(), field.Name);
        }
        encoded.TryGetProperty("protocolMessage", out _).ShouldBe(vector.Encoded.TryGetProperty("protocolMessage", out _));
        encoded.TryGetProperty("notes", out _).ShouldBe(bundle);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_status_go_s_padding_and_nonce_the_whole_network_message_is_the_same(string name)
    {
        var vector = MessageVector.Named(name);
        if (vector.Input.TryGetProperty("withBundle", out _))
            return;
        var plain = WakuPayload.Read(vector.Bytes("wakuPayloadPlain"));
        var draws = new Queue<byte[]>([plain.Padding, vector.Bytes("wakuPayloadNonce")]);
        var encoded = JsonSerializer.SerializeToElement(
            MagnetlinkEnvelope.Encode(Input(vector), bytes => draws.Dequeue().CopyTo(bytes)),
            MagnetlinkEnvelope.Json
        );
        foreach (var field in Random.Where(field => vector.Encoded.TryGetProperty(field, out _)))
            encoded.GetProperty(field).ToString().ShouldBe(vector.Text(field), field);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_message_reads_as_status_go_reads_it(string name)
    {
        var vector = MessageVector.Named(name);
        var sample = vector.Encoded.Deserialize<MagnetlinkSample>(MagnetlinkEnvelope.Json)!;
        var verdict = MagnetlinkEnvelope.Decode(sample);
        var decoded = JsonSerializer.SerializeToElement(verdict, MagnetlinkEnvelope.Json);
        foreach (var field in vector.Decoded.EnumerateObject().Where(field => field.Name != "error"))
            decoded.GetProperty(field.Name).ToString().ShouldBe(field.Value.ToString(), field.Name);
        verdict.Accepted.ShouldBe(vector.Accepted);
        (verdict.Error is null).ShouldBe(vector.Accepted);
    }

    [Theory]
    [InlineData("wakuPayload")]
    [InlineData("protocolMessage")]
    [InlineData("wrapped")]
    public void Any_layer_will_do_to_read_a_message(string layer)
    {
        var vector = MessageVector.Named("with-bundle-11");
        var sample = JsonSerializer.Deserialize<MagnetlinkSample>(
            $$"""{"{{layer}}":"{{vector.Text(layer)}}","communityId":"{{vector.Text("communityId")}}"}""",
            MagnetlinkEnvelope.Json
        )!;
        var verdict = MagnetlinkEnvelope.Decode(sample);
        verdict.Error.ShouldBeNull();
        verdict.Accepted.ShouldBeTrue();
        verdict.Clock.ShouldBe(1700000000124UL);
        verdict.SignerIsCommunity.ShouldBe(true);
    }

    [Fact]
    public void A_payload_without_a_named_community_tells_the_signer_and_judges_nothing_more()
    {
        var vector = MessageVector.Named("plain-11");
        var verdict = MagnetlinkEnvelope.Decode(
            new MagnetlinkSample { WakuPayload = vector.Text("wakuPayload"), SymKey = vector.Text("symKey") }
        );
        verdict.SignerIsCommunity.ShouldBeNull();
        verdict.SignerCommunityId.ShouldBe(vector.Text("communityId"));
        verdict.Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("bad-unsigned-waku-payload", "not signed")]
    [InlineData("bad-wrong-application-signer", "not by the community")]
    public void A_bad_message_is_refused_with_the_reason(string name, string reason) =>
        MagnetlinkEnvelope
            .Decode(MessageVector.Named(name).Encoded.Deserialize<MagnetlinkSample>(MagnetlinkEnvelope.Json)!)
            .Error!.ShouldContain(reason);

    [Fact]
    public void An_altered_payload_is_refused_because_its_tag_no_longer_fits()
    {
        var verdict = MagnetlinkEnvelope.Decode(
            new MagnetlinkSample
            {
                WakuPayload = Hex.Encode(MessageVector.Named("bad-tampered-ciphertext").TopPayload),
                SymKey = MessageVector.Named("plain-11").Text("symKey"),
            }
        );
        verdict.Accepted.ShouldBeFalse();
        verdict.Error!.ShouldContain("does not open");
    }

    [Fact]
    public void A_message_without_clock_and_magnet_is_authentic_and_carries_a_warning()
    {
        var vector = MessageVector.Named("empty-magnet-clock-zero");
        var verdict = MagnetlinkEnvelope.Decode(new MagnetlinkSample { Wrapped = vector.Text("wrapped") });
        verdict.Accepted.ShouldBeTrue();
        verdict.Warning!.ShouldContain("no clock");
    }

    [Theory]
    [InlineData("""{"clock":1,"magnetUri":""}""", "communityPrivateKey")]
    [InlineData("""{"communityPrivateKey":"0x11","clock":1,"magnetUri":""}""", "communityPrivateKey")]
    [InlineData("""{"communityPrivateKey":"KEY","magnetUri":""}""", "clock")]
    [InlineData("""{"communityPrivateKey":"KEY","clock":1}""", "magnetUri")]
    [InlineData("""{"communityPrivateKey":"KEY","clock":1,"magnetUri":"http://x"}""", "magnet:?")]
    [InlineData("""{"communityPrivateKey":"KEY","clock":18446744073709551615,"magnetUri":""}""", "timestampNs")]
    public void A_missing_or_wrong_field_is_named(string input, string named)
    {
        var key = "0x" + new string('1', 64);
        var parsed = JsonSerializer.Deserialize<MagnetlinkInput>(input.Replace("KEY", key), MagnetlinkEnvelope.Json)!;
        var fault = Should.Throw<FormatException>(() => MagnetlinkEnvelope.Encode(parsed));
        fault.Message.ShouldContain(named);
        fault.Message.ShouldNotContain("1111");
    }

    [Fact]
    public void A_misspelt_field_is_refused_because_it_would_pass_for_a_default() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<MagnetlinkInput>("""{"clok":1}""", MagnetlinkEnvelope.Json));

    [Fact]
    public void A_sample_without_a_layer_or_without_a_key_is_a_wrong_request()
    {
        Should.Throw<FormatException>(() => MagnetlinkEnvelope.Decode(new MagnetlinkSample())).Message.ShouldContain("Give one of");
        Should
            .Throw<FormatException>(() => MagnetlinkEnvelope.Decode(new MagnetlinkSample { WakuPayload = "0x00" }))
            .Message.ShouldContain("chatId");
        Should
            .Throw<FormatException>(() => MagnetlinkEnvelope.Decode(new MagnetlinkSample { Wrapped = "zz" }))
            .Message.ShouldContain("wrapped");
    }

    private static MagnetlinkInput Input(MessageVector vector) => vector.Input.Deserialize<MagnetlinkInput>(MagnetlinkEnvelope.Json)!;
}
