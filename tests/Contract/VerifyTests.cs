using EventArchive.Events;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Three streams: a has seq_id 1 to 5, b 6 to 8, c 9.</summary>
public sealed class VerifyTests(PostgresFixture postgres) : IAsyncLifetime
{
    private HashedStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new HashedStore(await postgres.Create(Cancel));
        await store.Append("community-a", Cancel, [.. Enumerable.Range(1, 3).Select(EventSamples.Numbered)]);
        await store.Append("community-a", Cancel, [.. Enumerable.Range(4, 2).Select(EventSamples.Numbered)]);
        await store.Append("community-b", Cancel, [.. Enumerable.Range(1, 3).Select(EventSamples.Numbered)]);
        await store.Append("community-c", Cancel, EventSamples.Numbered(1));
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_store_that_nobody_touched_is_whole()
    {
        await store.Append("community-all", Cancel, [.. EventSamples.All]);
        var counted = 0L;

        var report = await new StoreVerifier(store.Database.Source).Verify(null, total => counted = total, null, Cancel);

        report.ShouldBe(new VerifyReport(counted, 4, counted, 0, 0, 0, 0, null, report.Broken));
        report.Whole.ShouldBeTrue();
        counted.ShouldBe(9 + EventSamples.All.Count);
    }

    [Theory]
    [InlineData("update mt_events set data = jsonb_set(data, '{To}', '99') where seq_id = 2", 2, 2, Break.Changed)]
    [InlineData("update mt_events set data = data || '{\"More\": null}' where seq_id = 5", 5, 5, Break.Changed)]
    [InlineData("update mt_events set type = 'archive_creation_failed' where seq_id = 3", 3, 3, Break.Changed)]
    [InlineData("update mt_events set id = gen_random_uuid() where seq_id = 3", 3, 3, Break.Changed)]
    [InlineData("update mt_events set correlation_id = null where seq_id = 4", 4, 4, Break.Changed)]
    [InlineData("update mt_events set causation_id = 'x' where seq_id = 1", 1, 1, Break.Changed)]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{hash}', '\"beef\"') where seq_id = 2", 2, 2, Break.Changed)]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{hash}', '7') where seq_id = 2", 2, 2, Break.Changed)]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{previous}', 'null') where seq_id = 2", 2, 2, Break.Changed)]
    [InlineData("delete from mt_events where seq_id = 3", 4, 3, Break.Hole)]
    [InlineData("delete from mt_events where seq_id = 1", 2, 1, Break.Hole)]
    [InlineData("delete from mt_events where seq_id in (4, 5)", 3, 4, Break.StreamVersion)]
    [InlineData("delete from mt_events where stream_id = 'community-a'", 0, 1, Break.StreamVersion)]
    [InlineData("update mt_events set type = 'tombstone' where seq_id = 3", 4, 3, Break.Hole)]
    [InlineData("update mt_streams set version = 7 where id = 'community-a'", 5, 6, Break.StreamVersion)]
    // The ways to hide a hole: move what follows, and write the stream's version.
    [InlineData(
        "delete from mt_events where seq_id = 3; update mt_events set version = version - 1 where seq_id = 4; "
            + "update mt_events set version = version - 1 where seq_id = 5; update mt_streams set version = 4 where id = 'community-a'",
        4,
        3,
        Break.Order
    )]
    [InlineData(
        "update mt_events set version = 99 where seq_id = 2; update mt_events set version = 2 where seq_id = 3; "
            + "update mt_events set version = 3 where seq_id = 2",
        3,
        2,
        Break.Order
    )]
    // Rows that keep their versions and change places among all.
    [InlineData(
        "update mt_events set seq_id = 99 where seq_id = 2; update mt_events set seq_id = 2 where seq_id = 3; "
            + "update mt_events set seq_id = 3 where seq_id = 99",
        2,
        3,
        Break.Order
    )]
    [InlineData("update mt_events set headers = 'null' where seq_id = 2", 2, 2, Break.HashMissing)]
    [InlineData("update mt_events set headers = null where seq_id = 5", 5, 5, Break.HashMissing)]
    // The first event's: this service may have written it before it hashed, but then the second would not name a hash.
    [InlineData("update mt_events set headers = 'null' where seq_id = 1", 2, 2, Break.Previous)]
    [InlineData(
        "alter table mt_events drop constraint fkey_mt_events_stream_id; delete from mt_streams where id = 'community-a'",
        1,
        1,
        Break.NoStream
    )]
    public async Task Tampering_is_found_and_the_first_event_that_does_not_fit_is_named(string sql, long seq, long version, Break what)
    {
        await store.Database.Run(sql, Cancel);
        await store.Database.Run("update mt_events set data = '{}' where seq_id = 8", Cancel);

        var report = await Verify();

        report.Whole.ShouldBeFalse();
        var broken = report.Broken.Single(fault => fault.StreamId == "community-a");
        (broken.SeqId, broken.Version, broken.What).ShouldBe((seq, version, what), broken.Reason);
        report.Broken.Single(fault => fault.StreamId == "community-b").SeqId.ShouldBe(8);
        report.BrokenStreams.ShouldBe(2);
        report.First!.SeqId.ShouldBe(seq == 0 ? 8 : seq);
    }

    [Fact]
    public async Task An_event_put_in_with_a_hash_of_its_own_is_found_at_the_one_behind_it()
    {
        await store.Database.Run("update mt_events set data = jsonb_set(data, '{To}', '99') where seq_id = 2", Cancel);
        await store.Database.Run("update mt_events set headers = 'null' where seq_id = 2", Cancel);
        await store.Hash("community-a", again: false, Cancel);

        var first = (await Verify()).First!;

        (first.SeqId, first.What).ShouldBe((3, Break.Previous), first.Reason);
    }

    [Fact]
    public async Task Only_the_stream_that_was_asked_for_is_looked_at()
    {
        await store.Database.Run("update mt_events set data = '{}' where seq_id = 8", Cancel);

        var verifier = new StoreVerifier(store.Database.Source);
        (await verifier.Verify("community-a", null, null, Cancel)).ShouldSatisfyAllConditions(
            report => report.Whole.ShouldBeTrue(),
            report => report.Events.ShouldBe(5)
        );
        (await verifier.Verify("community-b", null, null, Cancel)).Whole.ShouldBeFalse();
        (await verifier.Verify("community-none", null, null, Cancel)).Streams.ShouldBe(0);
    }

    [Fact]
    public async Task Foreign_events_are_unhashed_and_not_broken_wherever_they_stand()
    {
        await store.AppendForeign("order-1", Cancel);
        await store.AppendForeign("order-1", Cancel);
        await store.AppendForeign("community-a", Cancel);
        await store.AppendForeign("community-b", Cancel);
        await store.Database.Run(
            "insert into mt_streams (id, version) values ('mt_tombstone', 0); insert into mt_events (seq_id, id, stream_id, version, data, type) "
                + "values (nextval('mt_events_sequence'), gen_random_uuid(), 'mt_tombstone', 77, '{}', 'tombstone')",
            Cancel
        );
        // An event of ours behind a foreign one begins a chain anew.
        await store.Append("community-b", Cancel, EventSamples.Numbered(9));

        var report = await Verify();

        report.Broken.ShouldBeEmpty();
        report.Unhashed.ShouldBe(4);
        report.Tombstones.ShouldBe(1);
        report.Events.ShouldBe(14);
    }

    [Fact]
    public async Task Events_of_ours_from_before_there_were_hashes_are_unhashed_and_not_broken()
    {
        await store.Database.Run("update mt_events set headers = 'null' where stream_id = 'community-b'", Cancel);
        await store.Database.Run("update mt_events set headers = null where stream_id = 'community-c'", Cancel);
        await store.Database.Run("update mt_events set headers = 'null' where seq_id in (1, 2)", Cancel);
        await store.Database.Run("update mt_events set headers = 'null' where seq_id in (3, 4, 5)", Cancel);
        await RehashFrom("community-a", 3);

        var report = await Verify();

        report.Broken.ShouldBeEmpty();
        report.Unhashed.ShouldBe(6);
    }

    [Fact]
    public async Task Numbers_above_2_to_the_53_keep_their_last_digit()
    {
        await store.Append("community-big", Cancel, new ArchiveSkipped(EventSamples.Community, 9_007_199_254_740_993, ulong.MaxValue));
        (await Verify()).Whole.ShouldBeTrue();

        await store.Database.Run(
            "update mt_events set data = jsonb_set(data, '{From}', '9007199254740992') where stream_id = 'community-big'",
            Cancel
        );

        (await Verify()).First!.StreamId.ShouldBe("community-big");
    }

    [Fact]
    public async Task Streams_beyond_one_page_are_walked_too_and_reports_do_not_grow_without_end()
    {
        await store.Database.Run(
            """
            insert into mt_streams (id, version) select 'x-' || n, 2 from generate_series(1, 1200) n;
            insert into mt_events (seq_id, id, stream_id, version, data, type)
                select nextval('mt_events_sequence'), gen_random_uuid(), 'x-' || n, 1, '{}', 'order_placed' from generate_series(1, 1200) n
            """,
            Cancel
        );

        var report = await Verify();

        (report.Streams, report.BrokenStreams, report.Broken.Count).ShouldBe((1203, 1200, VerifyReport.MaxBroken));
    }

    private Task<VerifyReport> Verify() => new StoreVerifier(store.Database.Source).Verify(null, null, null, Cancel);

    /// <summary>As the service would have written them behind unhashed events.</summary>
    private Task RehashFrom(string stream, long version) => store.Hash(stream, again: true, Cancel, version);
}
