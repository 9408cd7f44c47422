using System.Text;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class EventJsonTests(PostgresFixture postgres)
{
    private static readonly string[] Pieces =
    [
        "a",
        "é",
        "€",
        "😀",
        "\uffee",
        "\"",
        "\\",
        "/",
        "\n",
        "\u0001",
        "\u2028",
        "+",
        "<",
        "\u007f",
        "\u001f",
    ];

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, EventSamples.All.Count)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_body_is_written_in_the_canonical_form_because_its_hash_is_taken_of_those_bytes(int sample) =>
        IsCanonical(EventSamples.All[sample]);

    [Fact]
    public void Any_text_that_can_be_stored_is_written_in_the_canonical_form()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            IsCanonical(new DownloadFailed(EventSamples.Community, EventSamples.InfoHash, text), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task What_jsonb_gives_back_has_the_same_form_because_a_verifier_has_nothing_else(int sample) =>
        await ComesBack(EventJson.Write(EventSamples.All[sample]));

    [Theory]
    [InlineData("""{"N": 9007199254740993, "M": 18446744073709551615, "L": -170141183460469231731687303715884105728}""")]
    [InlineData("""[1e2, 1.50, -0, -0.0, 1E-7, 12.3400e2, 1e400, 0.1000000000000000055511151231257827]""")]
    [InlineData("""{"b": 1, "aa": 2, "a": 3, "\u00e9": "\u001f\u007f\u2028\ud83d\ude00\/\"\\"}""")]
    public Task Foreign_spellings_come_back_in_the_same_form_too(string json) => ComesBack(json);

    private async Task ComesBack(string json)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var source = NpgsqlDataSource.Create(await postgres.CreateEmpty(cancellation));
        await using var command = source.CreateCommand("select $1::text");
        command.Parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        var back = (string)(await command.ExecuteScalarAsync(cancellation))!;

        Form(back).ShouldBe(Form(json));
    }

    private static void IsCanonical(IEvent @event, string? seed = null)
    {
        var bytes = EventJson.WriteBytes(@event);
        // A space at the end sends it the longer way, which trusts nothing.
        var canonical = CanonicalJson.Of([.. bytes, (byte)' ']);

        Encoding.UTF8.GetString(bytes).ShouldBe(Encoding.UTF8.GetString(canonical), seed);
        EventJson.Read(1, StoredName.Of(@event.GetType()), EventJson.Write(@event)).GetType().ShouldBe(@event.GetType());
    }

    private static string Form(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
}
