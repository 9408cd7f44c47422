using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>The magnetlink verbs against every case of vectors/messages.json.</summary>
public sealed class MagnetlinkVerbTests
{
    private const int AtATime = 2;

    /// <summary>Random by nature.</summary>
    private static readonly string[] Random =
    [
        "wakuMessage",
        "wakuMessageHash",
        "wakuPayload",
        "wakuPayloadNonce",
        "wakuPayloadPlain",
        "meta",
    ];

    /// <summary>What only the sender's account can make.</summary>
    private static readonly string[] OfTheBundle = ["protocolMessage", "wakuPayloadPadding"];

    private static IReadOnlyList<JsonElement> Cases =>
        [.. new VectorFile("messages").Json.GetProperty("cases").EnumerateArray().Where(one => one.TryGetProperty("input", out _))];

    [Fact]
    public async Task Every_deterministic_layer_is_the_one_status_go_makes() =>
        await ForEachCase(async vector =>
        {
            var encoded = (await Verb.RunReading(vector.GetProperty("input").GetRawText(), "magnetlink", "encode", "--json"))
                .ShouldSucceed()
                .Json;

            var bundle = vector.GetProperty("input").TryGetProperty("withBundle", out _);
            var compared = vector
                .GetProperty("encoded")
                .EnumerateObject()
                .Where(field => !Random.Contains(field.Name) && !(bundle && OfTheBundle.Contains(field.Name)))
                .ToList();
            compared.Count.ShouldBeGreaterThan(10);
            foreach (var field in compared)
                encoded.GetProperty(field.Name).ToString().ShouldBe(field.Value.ToString(), $"{vector.GetProperty("name")}: {field.Name}");
        });

    [Fact]
    public async Task Every_sample_reads_as_status_go_reads_it_and_a_bad_one_fails_in_one_line() =>
        await ForEachCase(async vector =>
        {
            var read = await Verb.RunReading(vector.GetProperty("encoded").GetRawText(), "magnetlink", "decode", "--json");

            foreach (var field in vector.GetProperty("statusGoDecode").EnumerateObject().Where(field => field.Name != "error"))
                read.Json.GetProperty(field.Name)
                    .ToString()
                    .ShouldBe(field.Value.ToString(), $"{vector.GetProperty("name")}: {field.Name}");
            var accepted = vector.GetProperty("accepted").GetBoolean();
            read.Json.GetProperty("accepted").GetBoolean().ShouldBe(accepted);
            if (accepted)
                read.ShouldSucceed();
            else
                read.ShouldFailAfterOutput(1, "The message is not accepted");
        });

    [Fact]
    public async Task What_encode_makes_decode_accepts_because_its_random_parts_are_sound()
    {
        var input = Cases.Single(one => one.GetProperty("name").GetString() == "sharded-protected-a").GetProperty("input");
        var encoded = (await Verb.RunReading(input.GetRawText(), "magnetlink", "encode", "--json")).ShouldSucceed();

        var decoded = (await Verb.RunReading(encoded.Output, "magnetlink", "decode", "--json")).ShouldSucceed().Json;

        decoded.GetProperty("accepted").GetBoolean().ShouldBeTrue();
        decoded.GetProperty("signerIsCommunity").GetBoolean().ShouldBeTrue();
        decoded.GetProperty("clock").ToString().ShouldBe(input.GetProperty("clock").ToString());
    }

    [Fact]
    public async Task An_altered_payload_is_refused_because_its_tag_no_longer_fits()
    {
        var cases = new VectorFile("messages").Json.GetProperty("cases").EnumerateArray().ToList();
        var sample = new JsonObject
        {
            ["wakuPayload"] = cases
                .Single(one => one.GetProperty("name").GetString() == "bad-tampered-ciphertext")
                .GetProperty("wakuPayload")
                .GetString(),
            ["symKey"] = cases[0].GetProperty("encoded").GetProperty("symKey").GetString(),
        };

        var read = await Verb.RunReading(sample.ToJsonString(), "magnetlink", "decode", "--json");

        read.ShouldFailAfterOutput(1, "does not open").Json.GetProperty("accepted").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("encode", "", "Standard input is empty")]
    [InlineData("encode", "{nonsense", "Standard input is not a JSON object")]
    [InlineData("encode", """{"clok":1}""", "There is no field clok")]
    [InlineData("encode", """{"clock":"soon"}""", "clock has a value of the wrong kind")]
    [InlineData("decode", "{}", "Give one of")]
    [InlineData("decode", """{"communityId":"0x02"}""", "66 hexadecimal digits")]
    public async Task Input_that_is_none_is_refused_with_what_to_give(string verb, string input, string reason) =>
        (await Verb.RunReading(input, "magnetlink", verb)).ShouldFail(1, reason);

    private static Task ForEachCase(Func<JsonElement, Task> check)
    {
        Cases.Count.ShouldBe(9);
        return Parallel.ForEachAsync(
            Cases,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = TestContext.Current.CancellationToken },
            async (vector, _) => await check(vector)
        );
    }
}
