using EventArchive.EventStore;
using EventArchive.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Stream a has seq_id 1 to 3 of form 1 and 4 to 6 of form 2, stream b 7 and 8 of form 2.</summary>
public sealed class VerifyForm2Tests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string A = "community-a";
    private const string B = "community-b";

    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private HashedStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new HashedStore(await postgres.Create(Cancel));
        await store.Append(A, Cancel, [.. Enumerable.Range(1, 3).Select(EventSamples.Numbered)]);
        foreach (var (stream, ticks) in new[] { (A, 0), (A, 0), (A, 1_234_567), (B, 0), (B, 70) })
            await Form2(stream, Noon.AddTicks(ticks));
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Events_of_form_2_behind_those_of_form_1_are_whole_and_counted()
    {
        await store.AppendForeign(A, Cancel);
        await Form2(A, Noon.AddHours(1));
        await store.Database.Run(
            "insert into mt_streams (id, version) values ('mt_tombstone', 0); insert into mt_events (seq_id, id, stream_id, version, data, type) "
                + "select nextval('mt_events_sequence'), gen_random_uuid(), 'mt_tombstone', n, '{}', 'tombstone' from generate_series(1, 2) n",
            Cancel
        );

        var report = await Verify();

        report.ShouldBe(new VerifyReport(10, 3, 3, 6, 1, 2, 0, null, report.Broken), report.First?.Reason);
        var ofB = await new StoreVerifier(store.Database.Source).Verify(B, null, null, Cancel);
        ofB.ShouldBe(new VerifyReport(2, 1, 0, 2, 0, 0, 0, null, ofB.Broken));
    }

    [Theory]
    [InlineData(
        "update mt_events set timestamp = '2020-01-01Z' where seq_id = 5",
        5,
        Break.Changed,
        "time 2020-01-01T00:00:00.000000Z is before"
    )]
    [InlineData("update mt_events set timestamp = '2020-01-01Z' where seq_id = 7", 7, Break.Changed, "its time, type")]
    [InlineData("update mt_events set timestamp = timestamp + interval '1 microsecond' where seq_id = 6", 6, Break.Changed, "time")]
    [InlineData("update mt_events set timestamp = 'infinity' where seq_id = 6", 6, Break.Changed, "time is outside")]
    [InlineData("update mt_events set timestamp = '20000-01-01Z' where seq_id = 6", 6, Break.Changed, "time is outside")]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{actor}', '\"eve\"') where seq_id = 8", 8, Break.Changed, "headers")]
    [InlineData("update mt_events set headers = headers - 'actor' where seq_id = 8", 8, Break.Changed, "no header actor")]
    [InlineData("update mt_events set headers = headers - 'cause' where seq_id = 8", 8, Break.Changed, "headers")]
    [InlineData(
        "update mt_events set headers = headers || '{\"more\": 1}' where seq_id = 7",
        7,
        Break.Changed,
        "header \"more\" was added"
    )]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{previous}', 'null') where seq_id = 8", 8, Break.Changed, "headers")]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{hash}', '7') where seq_id = 8", 8, Break.Changed, "hexadecimal")]
    [InlineData("update mt_events set correlation_id = null where seq_id = 4", 4, Break.Changed, "correlation")]
    [InlineData("update mt_events set causation_id = 'x' where seq_id = 6", 6, Break.Changed, "causation")]
    [InlineData("update mt_events set data = '{}' where seq_id = 6", 6, Break.Changed, "data")]
    [InlineData("update mt_events set headers = headers - 'hash' where seq_id = 6", 6, Break.HashMissing, "form 2")]
    [InlineData("update mt_events set headers = headers - 'hash' where seq_id = 7", 7, Break.HashMissing, "form 2")]
    [InlineData("update mt_events set headers = null where seq_id = 7", 8, Break.Previous, "")]
    [InlineData("update mt_events set headers = headers - 'form' where seq_id = 5", 5, Break.OlderForm, "form 1")]
    [InlineData("update mt_events set headers = headers - 'form' where seq_id = 7", 7, Break.Changed, "")]
    [InlineData(
        "update mt_events set headers = jsonb_set(headers, '{form}', '3') where seq_id = 8",
        8,
        Break.UnknownForm,
        "newer release; use it"
    )]
    [InlineData(
        "update mt_events set headers = jsonb_set(headers, '{form}', '\"2\"') where seq_id = 8",
        8,
        Break.UnknownForm,
        "no release"
    )]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{form}', 'null') where seq_id = 2", 2, Break.UnknownForm, "no release")]
    [InlineData(
        "delete from mt_events where seq_id = 5; update mt_events set version = 5 where seq_id = 6; update mt_streams set version = 5 where id = 'community-a'",
        6,
        Break.Order,
        "written as version 6"
    )]
    public async Task Tampering_is_found_and_the_event_is_named(string sql, long seq, Break what, string reason)
    {
        await store.Database.Run(sql, Cancel);

        var broken = (await Verify()).Broken.ShouldHaveSingleItem();

        (broken.SeqId, broken.What).ShouldBe((seq, what), broken.Reason);
        broken.Reason.ShouldContain(reason);
    }

    [Fact]
    public async Task An_event_of_form_1_behind_one_of_form_2_is_named_because_no_release_writes_that()
    {
        await store.AppendForeign(B, Cancel);
        await store.Append(A, Cancel, EventSamples.Numbered(9));
        await store.Append(B, Cancel, EventSamples.Numbered(9));

        var report = await Verify();

        report.Broken.Select(broken => (broken.SeqId, broken.What)).ShouldBe([(10, Break.OlderForm), (11, Break.OlderForm)]);
    }

    [Fact]
    public async Task A_time_that_falls_is_named_also_when_its_hash_fits()
    {
        await store.AppendForeign(B, Cancel);
        await Form2(B, Noon.AddTicks(60));

        var first = (await Verify()).First!;

        (first.SeqId, first.What).ShouldBe((10, Break.EarlierTime), first.Reason);
        first.Reason.ShouldBe("its time 2026-01-31T12:00:00.000006Z is before 2026-01-31T12:00:00.000007Z, that of an event before it.");
    }

    [Fact]
    public async Task Headers_of_later_releases_come_back_from_jsonb_with_the_same_hash()
    {
        const string More = """
            {"zone":{"long name":[1.50,1e3,-0.0,12345678901234567890.10],"b":null},"Ä":"Größe \ud83d\ude00 \u0001","a":true,"weight":1E-7}
            """;
        await Form2(A, Noon.AddDays(1), More.Trim());
        // The same value in another spelling.
        await store.Database.Run("update mt_events set headers = jsonb_set(headers, '{form}', '2.0') where seq_id = 8", Cancel);

        var report = await Verify();

        report.First?.Reason.ShouldBeNull();
        report.Form2.ShouldBe(6);
        await store.Database.Run("update mt_events set headers = jsonb_set(headers, '{weight}', '0.00000011') where seq_id = 9", Cancel);
        (await Verify()).First!.SeqId.ShouldBe(9);
    }

    [Fact]
    public async Task Foreign_headers_may_use_any_name_because_only_a_hash_makes_them_ours()
    {
        await store.AppendForeign("order-1", Cancel);
        await store.AppendForeign("order-1", Cancel);
        await store.Database.Run(
            """update mt_events set headers = '{"form": "web", "actor": 7}' where seq_id = 9; update mt_events set headers = '["form"]' where seq_id = 10""",
            Cancel
        );

        var report = await Verify();

        report.First?.Reason.ShouldBeNull();
        report.Unhashed.ShouldBe(2);
    }

    [Theory]
    [InlineData("update mt_events set data = data || '{\"More\": null}' where version = 30", Break.Changed, "data")]
    [InlineData("update mt_events set timestamp = timestamp + interval '1 microsecond' where version = 30", Break.Changed, "time")]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{actor}', '\"eve\"') where version = 30", Break.Changed, "headers")]
    [InlineData("update mt_events set headers = null where version = 30", Break.HashMissing, "its hash is gone")]
    [InlineData("update mt_events set type = 'archive_skipped' where version = 30", Break.Changed, "type")]
    // What is not covered, and what Marten alone has: whether it is read, and how.
    [InlineData(
        "update mt_events set is_skipped = true, is_archived = true, bdata = 'x', mt_dotnet_type = 'x' where version = 30",
        null,
        ""
    )]
    public async Task What_the_service_itself_stores_is_checked_in_all_its_columns_because_marten_writes_them(
        string sql,
        Break? what,
        string reason
    )
    {
        await using var database = await postgres.Create(Cancel);
        await using var services = TestStores.Of(database);
        (await services.GetRequiredService<CommunityStore>().Store([.. EventSamples.All], Cancel)).ShouldNotBeNull();
        var verifier = services.GetRequiredService<StoreVerifier>();
        var whole = await verifier.Verify(null, null, null, Cancel);
        (whole.Whole, whole.Form2).ShouldBe((true, EventSamples.All.Count), whole.First?.Reason);

        await database.Run(sql, Cancel);

        var broken = (await verifier.Verify(null, null, null, Cancel)).First;
        broken?.What.ShouldBe(what!.Value, broken.Reason);
        (broken?.Version).ShouldBe(what is null ? null : 30);
        (broken?.Reason ?? "").ShouldContain(reason);
    }

    private Task Form2(string stream, DateTimeOffset time, string more = "{}") =>
        Form2Rows.Append(store.Database, stream, time, Cancel, more);

    private Task<VerifyReport> Verify() => new StoreVerifier(store.Database.Source).Verify(null, null, null, Cancel);
}
