using System.Text;
using System.Text.Json;
using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Events;

/// <summary>The hashes were computed with Python's json, decimal and hashlib from the page docs/integrity.md.</summary>
public sealed class EventHashTests
{
    private const string First = "9f40fc67afac332ac641516e051d719fc31f9e73784887719a723e0599811202";
    private const string Second = "3785beeb556ea14c80d986bf03086c598e507e0616774bbabd24d3135ab0905d";

    private static readonly Guid Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

    [Fact]
    public void Anyone_can_recompute_a_hash_from_the_documented_form()
    {
        var data = CanonicalJson.Of(Encoding.UTF8.GetBytes("""{"N": 9007199254740993, "B": 1.50, "A": "Gr\u00f6\u00dfe \ud83d\ude00"}"""));

        EventHash
            .Of("community-0x02aa", 1, "archive_skipped", Id, data, "6f1c0f3e-1111-4222-8333-0123456789ab", causation: null, previous: null)
            .ToString()
            .ShouldBe(First);
    }

    [Fact]
    public void A_hash_rests_on_the_one_before_and_on_texts_of_any_kind() =>
        EventHash
            .Of(
                "community-0x02aa",
                2,
                "archive_skipped",
                Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"),
                """{"From":18446744073709551615}"""u8,
                correlation: null,
                "c \"quoted\"\n",
                EventHash.Parse(First)
            )
            .ToString()
            .ShouldBe(Second);

    [Fact]
    public void Every_part_counts_because_a_part_that_does_not_could_be_forged()
    {
        var previous = EventHash.Parse(First);
        EventHash[] hashes =
        [
            EventHash.Of("s", 1, "t", Id, "{}"u8, "c", "d", previous),
            EventHash.Of("s2", 1, "t", Id, "{}"u8, "c", "d", previous),
            EventHash.Of("s", 2, "t", Id, "{}"u8, "c", "d", previous),
            EventHash.Of("s", 1, "t2", Id, "{}"u8, "c", "d", previous),
            EventHash.Of("s", 1, "t", Guid.Empty, "{}"u8, "c", "d", previous),
            EventHash.Of("s", 1, "t", Id, "[]"u8, "c", "d", previous),
            EventHash.Of("s", 1, "t", Id, "{}"u8, null, "d", previous),
            EventHash.Of("s", 1, "t", Id, "{}"u8, "c", null, previous),
            EventHash.Of("s", 1, "t", Id, "{}"u8, "null", null, previous),
            EventHash.Of("s", 1, "t", Id, "{}"u8, "d", "c", previous),
            EventHash.Of("s", 1, "t", Id, "{}"u8, "c", "d", EventHash.Parse(Second)),
            EventHash.Of("s", 1, "t", Id, "{}"u8, "c", "d", previous: null),
        ];

        hashes.Distinct().Count().ShouldBe(hashes.Length);
    }

    [Fact]
    public void Large_bodies_are_hashed_whole()
    {
        var large = Encoding.UTF8.GetBytes($"\"{new string('x', 20_000_000)}\"");
        var other = large.ToArray();
        other[^2] = (byte)'y';

        EventHash.Of("s", 1, "t", Id, large, null, null, null).ShouldNotBe(EventHash.Of("s", 1, "t", Id, other, null, null, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9F40FC67AFAC332AC641516E051D719FC31F9E73784887719A723E0599811202")]
    [InlineData("9f40fc67afac332ac641516e051d719fc31f9e73784887719a723e059981120")]
    [InlineData("9f40fc67afac332ac641516e051d719fc31f9e73784887719a723e059981120g")]
    public void A_hash_has_one_spelling(string text) => Should.Throw<FormatException>(() => EventHash.Parse(text));

    [Fact]
    public void Half_a_surrogate_pair_is_refused_because_it_has_no_UTF_8() =>
        Should.Throw<JsonException>(() => EventHash.Of("s\ud800", 1, "t", Id, "{}"u8, null, null, null));
}
