using System.Text;
using System.Text.Json;
using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Events;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData(" { \"b\" : 1 , \"a\" : [ true , null ] } ", "{\"a\":[true,null],\"b\":1}")]
    // jsonb puts shorter names first.
    [InlineData("{\"B\": 1, \"AA\": {\"z\": 0, \"aa\": 1}}", "{\"AA\":{\"aa\":1,\"z\":0},\"B\":1}")]
    [InlineData("\"\\u0041\\/\\u001F\\u007f\\u00E9\"", "\"A/\\u001f\u007fé\"")]
    [InlineData("\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u0022\\u005c\"", "\"\\b\\t\\n\\f\\r\\\"\\\\\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    [InlineData("[]", "[]")]
    [InlineData(" {} ", "{}")]
    [InlineData("\"\"", "\"\"")]
    public void Equal_values_have_one_spelling(string json, string canonical) => Canonical(json).ShouldBe(canonical);

    [Fact]
    public void Names_are_in_the_order_of_UTF_16_as_RFC_8785_has_it_which_is_not_that_of_the_bytes() =>
        // The example of RFC 8785, section 3.2.3.
        Canonical("""{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""")
            .ShouldBe("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("-0", "0")]
    [InlineData("-0.00e7", "0")]
    [InlineData("0e999999999999999999999999", "0")]
    [InlineData("1.50", "1.5")]
    [InlineData("1.00", "1")]
    [InlineData("100", "100")]
    [InlineData("1e2", "100")]
    [InlineData("12.34e1", "123.4")]
    [InlineData("12.34E+3", "12340")]
    [InlineData("0.00120e1", "0.012")]
    [InlineData("-120e-3", "-0.12")]
    [InlineData("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    [InlineData("1e30", "1000000000000000000000000000000")]
    public void Numbers_are_exact_decimals_because_a_double_would_change_what_was_stored(string json, string canonical)
    {
        Canonical(json).ShouldBe(canonical);
        Canonical($"[{json}]").ShouldBe($"[{canonical}]");
    }

    [Fact]
    public void Numbers_may_have_the_digits_that_a_jsonb_can_hold_and_no_more()
    {
        Canonical("1e131071").Length.ShouldBe(CanonicalJson.MaxIntegerDigits);
        Canonical("1e-16383").Length.ShouldBe(CanonicalJson.MaxFractionDigits + 2);
        Refused("1e131072");
        Refused("1e-16384");
        Refused(new string('1', CanonicalJson.MaxIntegerDigits + 1));
        Refused("1e99999999999999999999999999999999");
        Refused("-1e-99999999999999999999999999999999");
    }

    [Fact]
    public void Exponents_cannot_fill_the_memory_because_the_result_has_a_limit() =>
        Refused($"[{string.Join(',', Enumerable.Repeat("1e131071", 600))}]");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("{}}")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData("-")]
    [InlineData("NaN")]
    [InlineData("tru")]
    [InlineData("\"\n\"")]
    [InlineData("\"open")]
    [InlineData("\"\\")]
    [InlineData("\"\\x\"")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"b\":1,\"a\":1,\"\\u0062\":2}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("// comment\n1")]
    public void What_is_not_one_value_without_doubt_is_refused(string json) => Refused(json);

    [Fact]
    public void Broken_UTF_8_is_refused_because_it_has_no_characters()
    {
        Should.Throw<JsonException>(() => CanonicalJson.Of([(byte)'"', 0xc3, (byte)'"']));
        // The three bytes of a lone surrogate.
        Should.Throw<JsonException>(() => CanonicalJson.Of([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"']));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[ ", " ]")]
    public void Nesting_has_a_limit_because_it_takes_the_stack(string open, string close)
    {
        Canonical(Nested(CanonicalJson.MaxDepth)).ShouldBe(Nested(CanonicalJson.MaxDepth).Replace(" ", "", StringComparison.Ordinal));
        Refused(Nested(CanonicalJson.MaxDepth + 1));
        Refused(Nested(1_000_000));

        string Nested(int depth) =>
            new StringBuilder().Insert(0, open, depth).Append('0').Insert(depth * open.Length + 1, close, depth).ToString();
    }

    [Fact]
    public void The_short_proof_never_holds_for_what_is_not_canonical_because_such_bytes_are_hashed_as_they_are()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] parts =
        [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"b\"",
            "\"\\n\"",
            "\"\\u0001\"",
            "\"é\"",
            "0",
            "-0",
            "12",
            "1.5",
            "1e2",
            "null",
            " ",
            "01",
        ];
        for (var round = 0; round < 200_000; round++)
        {
            var json = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            var bytes = Encoding.UTF8.GetBytes(json);
            if (!CanonicalJson.IsCanonical(bytes))
                continue;
            // A space at the end sends it the longer way.
            CanonicalJson.Of([.. bytes, (byte)' ']).ShouldBe(bytes, $"seed {seed}: {json}");
        }
    }

    [Fact]
    public void The_form_of_a_form_is_itself_however_the_text_was_spelt()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var json = RandomJson.Value(random, depth: 4);
            var canonical = CanonicalJson.Of(Encoding.UTF8.GetBytes(json));
            var again = CanonicalJson.Of(Encoding.UTF8.GetBytes(RandomJson.Respelt(random, canonical)));
            again.ShouldBe(canonical, $"seed {seed}: {json}");
        }
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    private static void Refused(string json) => Should.Throw<JsonException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
}
