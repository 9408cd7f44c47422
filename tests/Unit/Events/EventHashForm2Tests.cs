using System.Text;
using System.Text.Json;
using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Events;

/// <summary>The hashes were computed with Python's json and hashlib from the page docs/integrity.md.</summary>
public sealed class EventHashForm2Tests
{
    private const string First = "9fb1bed26490e4c4c0d9d7573ca8d48840893f6c9d75518a63edf89153582c80";
    private const string Second = "08813cac5513055454ba72d43710cb4723ed2313bc4ecc15a47d9bf9cdc1e6a0";
    private const string MoreHeaders = "0ad816002294cce265c4ed4878a2867cb76edd67392e290be7689931e8c193e9";
    private const string OfForm1 = "9f40fc67afac332ac641516e051d719fc31f9e73784887719a723e0599811202";
    private const string Stream = "community-0x02aa";
    private const string Type = "archive_skipped";

    private static readonly Guid Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly Guid NextId = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058");
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Anyone_can_recompute_a_hash_from_the_documented_form()
    {
        var data = CanonicalJson.Of(Encoding.UTF8.GetBytes("""{"N": 9007199254740993, "B": 1.50, "A": "Gr\u00f6\u00dfe \ud83d\ude00"}"""));
        var headers = new HeadersOfForm2("key:ops", previous: null, causeEventId: null);

        EventHash
            .OfForm2(Stream, 1, Type, Id, data, Noon.AddTicks(1_234_567), "6f1c0f3e-1111-4222-8333-0123456789ab", null, headers.Canonical)
            .ToString()
            .ShouldBe(First);
    }

    [Fact]
    public void A_hash_rests_on_the_one_before_and_on_texts_of_any_kind()
    {
        var headers = new HeadersOfForm2("Zoë \"ops\"", EventHash.Parse(First), Id);

        EventHash
            .OfForm2(Stream, 2, Type, NextId, """{"From":18446744073709551615}"""u8, Noon, null, "c \"quoted\"\n", headers.Canonical)
            .ToString()
            .ShouldBe(Second);
    }

    [Theory]
    // As jsonb gives them: short names first, numbers as they were written. And as a person may write them.
    [InlineData(
        """{"form": 2, "zone": {"a": [1, null, true], "b": "x"}, "actor": "ops", "tries": 1000, "weight": 1.50, "previous": "$"}"""
    )]
    [InlineData("""{"weight":15e-1,"tries":1e3,"previous":"$","zone":{"b":"\u0078","a":[1.0,null,true]},"form":2.0,"actor":"o\u0070s"}""")]
    public void Headers_that_this_release_does_not_know_are_covered_in_whatever_order_and_spelling_they_come(string headers)
    {
        var canonical = CanonicalJson.Of(Encoding.UTF8.GetBytes(headers.Replace("$", OfForm1, StringComparison.Ordinal)));

        EventHash
            .OfForm2(
                Stream,
                3,
                Type,
                NextId,
                "{}"u8,
                new(1999, 12, 31, 23, 59, 59, 999, 999, TimeSpan.Zero),
                null,
                "c \"quoted\"\n",
                canonical
            )
            .ToString()
            .ShouldBe(MoreHeaders);
    }

    [Fact]
    public void Every_part_counts_because_a_part_that_does_not_could_be_forged()
    {
        var previous = EventHash.Parse(First);
        var whole = new Parts("s", 1, "t", Id, "{}", Noon, "c", "d", new HeadersOfForm2("ops", previous, Id));
        Parts[] parts =
        [
            whole,
            whole with
            {
                Stream = "s2",
            },
            whole with
            {
                Version = 2,
            },
            whole with
            {
                Type = "t2",
            },
            whole with
            {
                Id = NextId,
            },
            whole with
            {
                Data = "[]",
            },
            whole with
            {
                Time = Noon.AddMicroseconds(1),
            },
            whole with
            {
                Time = Noon.AddYears(-6),
            },
            whole with
            {
                Correlation = null,
            },
            whole with
            {
                Correlation = "null",
            },
            whole with
            {
                Causation = null,
            },
            whole with
            {
                Correlation = "d",
                Causation = "c",
            },
            whole with
            {
                Headers = new HeadersOfForm2("op", previous, Id),
            },
            whole with
            {
                Headers = new HeadersOfForm2("ops", previous, NextId),
            },
            whole with
            {
                Headers = new HeadersOfForm2("ops", previous, null),
            },
            whole with
            {
                Headers = new HeadersOfForm2("ops", EventHash.Parse(Second), Id),
            },
            whole with
            {
                Headers = new HeadersOfForm2("ops", null, Id),
            },
        ];
        EventHash[] hashes = [.. parts.Select(part => part.Hash()), EventHash.Of("s", 1, "t", Id, "{}"u8, "c", "d", previous)];

        hashes.Distinct().Count().ShouldBe(hashes.Length);
    }

    [Fact]
    public void Any_change_of_any_header_changes_the_hash()
    {
        var random = new Random(7);
        HashSet<EventHash> hashes = [];
        HashSet<string> headers = [];
        for (var round = 0; round < 500; round++)
        {
            var names = Enumerable.Range(0, random.Next(4)).Select(_ => $"h{random.Next(5)}").Distinct();
            var canonical = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(names.ToDictionary(name => name, _ => random.Next(3))));
            headers.Add(Encoding.UTF8.GetString(canonical));
            hashes.Add(EventHash.OfForm2("s", 1, "t", Id, "{}"u8, Noon, "c", "d", canonical));
        }

        hashes.Count.ShouldBe(headers.Count);
    }

    [Fact]
    public void The_time_is_that_which_Postgres_stores_whatever_its_offset_and_finer_digits_are()
    {
        var parts = new Parts("s", 1, "t", Id, "{}", Noon, null, null, new HeadersOfForm2("ops", null, null));

        (parts with { Time = Noon.AddTicks(9) }).Hash().ShouldBe(parts.Hash());
        (parts with { Time = Noon.ToOffset(TimeSpan.FromHours(5.5)) }).Hash().ShouldBe(parts.Hash());
        EventTime.Cut(Noon.AddTicks(19).ToOffset(TimeSpan.FromHours(-3))).ShouldBe(Noon.AddTicks(10));
        EventTime.Cut(Noon.AddTicks(19).ToOffset(TimeSpan.FromHours(-3))).Offset.ShouldBe(TimeSpan.Zero);
        EventTime.ToText(Noon.AddTicks(19)).ShouldBe("2026-01-31T12:00:00.000001Z");
        EventTime.ToText(DateTimeOffset.MinValue).Length.ShouldBe(EventTime.Characters);
    }

    [Theory]
    [InlineData("ops", true, true)]
    [InlineData("a \"b\" \\ \n \u0001 ü 😀", false, true)]
    [InlineData("", true, false)]
    public void The_bytes_under_the_hash_are_those_of_the_headers_that_are_stored(string actor, bool withPrevious, bool withCause)
    {
        var headers = new HeadersOfForm2(actor, withPrevious ? EventHash.Parse(First) : null, withCause ? Id : null);
        var stored = headers.ToDictionary();

        CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(stored)).ShouldBe(headers.Canonical.ToArray());
        stored.Keys.ShouldBe(stored.Keys.Order(StringComparer.Ordinal));
        stored.ContainsKey("cause").ShouldBe(withCause);
        headers.With(EventHash.Parse(Second)).Except(stored).ShouldBe([new("hash", Second)]);
    }

    private sealed record Parts(
        string Stream,
        long Version,
        string Type,
        Guid Id,
        string Data,
        DateTimeOffset Time,
        string? Correlation,
        string? Causation,
        HeadersOfForm2 Headers
    )
    {
        public EventHash Hash() =>
            EventHash.OfForm2(Stream, Version, Type, Id, Encoding.UTF8.GetBytes(Data), Time, Correlation, Causation, Headers.Canonical);
    }
}
