using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class PostgresEventStoreTests(PostgresFixture postgres) : EventStoreContract
{
    private TestDatabase database = null!;

    protected override async Task<IEventStore> Create()
    {
        database = await postgres.Create(Cancel);
        return new PostgresEventStore(database.Source, TimeProvider.System);
    }

    protected override async Task Overwrite(long seq, string storedName, string json)
    {
        await using var command = database.Source.CreateCommand("update mt_events set type = $2, data = $3::jsonb where seq_id = $1");
        command.Parameters.Add(new() { Value = seq });
        command.Parameters.Add(new() { Value = storedName });
        command.Parameters.Add(new() { Value = json });
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_conflict_or_a_repeat_takes_no_number_because_a_gap_holds_up_every_reader_of_martens()
    {
        var append = Wish(0, EventSamples.Numbered(1));
        await Store.Append(append, Cancel);
        await Store.Append(append, Cancel);
        await Store.Append(Wish(0, EventSamples.Numbered(2)), Cancel);

        (await database.Scalar<long>("select last_value from mt_events_sequence", Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Rows_are_as_marten_writes_them()
    {
        var first = Wish(0, EventSamples.Numbered(1)) with { CorrelationId = Guid.NewGuid() };
        await Store.Append(first, Cancel);
        var second = Wish(1, EventSamples.Numbered(2), EventSamples.All.OfType<MagnetlinkIgnored>().First());
        await Store.Append(second, Cancel);

        (await database.Rows("select id, type, version, tenant_id, is_archived, timestamp > created from mt_streams", Cancel)).ShouldBe([
            "community-a|community|3|*DEFAULT*|False|True",
        ]);
        (
            await database.Rows(
                "select seq_id, stream_id, version, type, tenant_id, mt_dotnet_type, correlation_id, causation_id, is_archived "
                    + "from mt_events order by seq_id",
                Cancel
            )
        ).ShouldBe([
            $"1|community-a|1|archive_skipped|*DEFAULT*|EventArchive.Events.ArchiveSkipped, EventArchive.Events|{first.CorrelationId}|{first.MessageId}|False",
            $"2|community-a|2|archive_skipped|*DEFAULT*|EventArchive.Events.ArchiveSkipped, EventArchive.Events|{second.MessageId}|{second.MessageId}|False",
            $"3|community-a|3|magnetlink_ignored|*DEFAULT*|EventArchive.Events.MagnetlinkIgnored, EventArchive.Events|{second.MessageId}|{second.MessageId}|False",
        ]);
        var hashes = (await Store.ReadStream(Stream, 0, Cancel)).Select(e => e.Hash!).ToList();
        (await database.Rows("select headers::text from mt_events order by seq_id", Cancel)).ShouldBe([
            $$"""{"hash": "{{hashes[0]}}", "previous": null}""",
            $$"""{"hash": "{{hashes[1]}}", "previous": "{{hashes[0]}}"}""",
            $$"""{"hash": "{{hashes[2]}}", "previous": "{{hashes[1]}}"}""",
        ]);
        (await database.Scalar<string>("select data::text from mt_events where seq_id = 3", Cancel)).ShouldBe(
            $$"""{"Clock": 0, "Reason": 2, "InfoHash": "{{EventSamples.InfoHash}}", "CommunityId": "{{EventSamples.Community}}"}"""
        );
    }

    [Fact]
    public async Task A_reader_passes_over_tombstones_because_they_are_nobodys_events()
    {
        await Store.Append(Wish(0, EventSamples.Numbered(1), EventSamples.Numbered(2)), Cancel);
        await Overwrite(1, "tombstone", "{}");

        (await Store.ReadAll(0, 10, Cancel)).Select(e => e.Seq).ShouldBe([2L]);
    }

    [Fact]
    public async Task An_append_waits_for_the_lock_no_longer_than_its_limit_and_says_so()
    {
        var impatient = new NpgsqlConnectionStringBuilder(database.Source.ConnectionString) { Options = "-c lock_timeout=100" };
        impatient.Password = new NpgsqlConnectionStringBuilder(database.ConnectionString).Password;
        await using var source = NpgsqlDataSource.Create(impatient.ConnectionString);
        await using var holder = await database.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await holder.BeginTransactionAsync(Cancel);
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(x'4541617070656e64'::bigint)", holder))
            await take.ExecuteNonQueryAsync(Cancel);
        var append = Wish(0, EventSamples.Numbered(1));

        var fault = await Should.ThrowAsync<PostgresException>(() =>
            new PostgresEventStore(source, TimeProvider.System).Append(append, Cancel)
        );

        fault.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        await transaction.RollbackAsync(Cancel);
        (await Store.Append(append, Cancel)).ShouldBeOfType<AppendResult.Appended>();
        (await database.Scalar<long>("select last_value from mt_events_sequence", Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_answered_from_the_inbox()
    {
        await using var line = new CuttableLine(database.ConnectionString);
        await using var source = PostgresDataSource.Create(line.ConnectionString);
        var store = new PostgresEventStore(source, TimeProvider.System);
        await store.Append(Wish(0, EventSamples.Numbered(1)), Cancel);

        var append = Wish(1, EventSamples.Numbered(2), EventSamples.Numbered(3));
        line.CutTheAnswerTo("archive_skipped");
        var result = (await store.Append(append, Cancel)).ShouldBeOfType<AppendResult.Appended>();

        line.Cuts.ShouldBe(1);
        result.Version.ShouldBe(3);
        (await Store.ReadStream(Stream, 1, Cancel)).Select(e => e.Id).ShouldBe(result.Outcome.EventIds);
    }

    [Fact]
    public async Task An_append_that_never_arrived_fails_and_may_be_sent_again()
    {
        await using var line = new CuttableLine(database.ConnectionString);
        await using var source = PostgresDataSource.Create(line.ConnectionString);
        var store = new PostgresEventStore(source, TimeProvider.System);
        await store.Append(Wish(0, EventSamples.Numbered(1)), Cancel);

        var append = Wish(1, EventSamples.Numbered(2));
        line.CutBefore("archive_skipped");
        await Should.ThrowAsync<NpgsqlException>(() => store.Append(append, Cancel));

        line.Cuts.ShouldBe(1);
        (await store.Append(append, Cancel)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(2);
    }
}
