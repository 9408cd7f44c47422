using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>What is stored with the events is folded anew by db apply, when another fold made it or when it is not that of its stream.</summary>
public sealed class FoldRebuildTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Folds = "select name, version from ea_folds order by name";
    private const string Work =
        "select right(community, 1), effect, cause_version, attempts, fence, lease_node, next_due > now() + interval '1 hour' "
        + "from ea_pending_work order by community, effect";

    private static readonly CommunityId[] Ids = [.. "abc".Select(letter => CommunityId.Parse("0x02" + new string(letter, 64)))];

    private TestDatabase database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.Create(Cancel);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Theory]
    [InlineData("update ea_folds set version = 7 where name = 'Community'", "Community")]
    [InlineData("delete from ea_folds where name = 'PendingWork'", "PendingWork")]
    [InlineData("drop table ea_folds", "Community and PendingWork")]
    public async Task A_node_does_not_start_on_what_another_fold_made_and_says_what_to_run(string change, string folds)
    {
        await Run(change);

        foreach (var start in new[] { Tables.RequireVersion, Tables.ApplyIfEmpty })
            (await Should.ThrowAsync<SchemaVersionException>(() => start(Cancel))).Message.ShouldBe(
                $"What the database holds of {folds} was folded from the events by another release. Run eventarchive db apply with all nodes "
                    + "stopped, which folds it anew."
            );

        await Apply();
        await Tables.ApplyIfEmpty(Cancel);
        (await database.Rows(Folds, Cancel)).ShouldBe(["Community|1", "PendingWork|1"]);
    }

    [Fact]
    public async Task States_of_another_fold_are_folded_from_all_events_and_decided_on_again()
    {
        await Store([Enabled(0), Cut(0)], [Enabled(1)]);
        var folded = await States();
        await Run(
            "update mt_doc_community set data = jsonb_set(data #- '{State,ArchivedUntil}', '{State,Imported}', '[]'); "
                + "update ea_folds set version = 0 where name = 'Community'"
        );

        await Apply();

        (await States()).ShouldBe(folded);
        await Store([new ArchiveSkipped(Ids[0], 0, 100)]);
        (await database.Rows("select mt_version, data ->> 'Version' from mt_doc_community order by id", Cancel)).ShouldBe(["3|3", "1|1"]);
    }

    [Fact]
    public async Task Pending_work_of_another_fold_keeps_the_rows_with_the_same_cause_and_the_others_go_or_come()
    {
        await Store([Enabled(0), Cut(0)], [Enabled(1), Cut(1)], [Enabled(2), Cut(2), new ArchiveSkipped(Ids[2], 0, 100), Cut(2, 100)]);
        await Run(
            "update ea_pending_work set attempts = 3, fence = 7, lease_node = 'a', lease_until = now(), next_due = now() + interval '1 day'; "
                + $"delete from ea_pending_work where community = '{Ids[1]}'; "
                + $"update ea_pending_work set cause_version = 2, cause_id = gen_random_uuid() where community = '{Ids[2]}'; "
                + "insert into ea_pending_work (community, effect, cause_id, cause_version, since, next_due) "
                + $"values ('{Ids[0]}', 'Seed', gen_random_uuid(), 2, now(), now()); update ea_folds set version = 2 where name = 'PendingWork'"
        );

        await Apply();

        (await database.Rows(Work, Cancel)).ShouldBe(["a|Cut|2|3|7|a|True", "b|Cut|2|0|0||False", "c|Cut|4|0|0||False"]);
        (
            await database.Rows(
                "select 1 from ea_pending_work w join mt_events e on e.id = w.cause_id and e.version = w.cause_version "
                    + "and e.correlation_id = w.correlation_id and e.timestamp = w.since",
                Cancel
            )
        ).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("delete from mt_doc_community where id like '%a'")]
    [InlineData("update mt_doc_community set data = jsonb_set(data, '{Version}', '1') where id like '%a'")]
    [InlineData("update mt_doc_community set mt_version = 1, data = jsonb_set(data, '{Version}', '1') where id like '%a'")]
    [InlineData("update mt_doc_community set mt_version = 9, data = jsonb_set(data, '{Version}', '9') where id like '%a'")]
    public async Task A_state_that_is_not_that_of_its_stream_is_folded_anew_and_the_others_are_left(string damage)
    {
        await Store([Enabled(0), Cut(0)], [Enabled(1)]);
        await Run("update mt_doc_community set data = jsonb_set(data, '{Hash}', '\"left\"') where id like '%b'");
        var before = await States();
        await Run(damage);

        await Apply();

        (await States()).ShouldBe(before);
        await Store([new ArchiveSkipped(Ids[0], 0, 100)]);
    }

    [Fact]
    public async Task Beside_a_node_nothing_is_folded_anew_because_it_would_append_meanwhile()
    {
        await Store([Enabled(0)], [Enabled(1)]);
        await using (await SchemaFour.Open(database.ConnectionString, Cancel, "eventarchive"))
        {
            await Apply();
            await Run("delete from mt_doc_community where id like '%a'");
            (await Should.ThrowAsync<InvalidOperationException>(Apply)).Message.ShouldMatch(
                "^What is folded from the events cannot be folded anew while the session [0-9]+ of eventarchive from 127.0.0.1 is at work. Stop all "
                    + "nodes, wait a minute, and run eventarchive db apply again.$"
            );
            await Run("update ea_folds set version = 2");
            await Should.ThrowAsync<InvalidOperationException>(Apply);
        }
        (await database.Rows(Folds, Cancel)).ShouldBe(["Community|2", "PendingWork|2"]);
        (await States()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Behind_skipped_events_alone_a_state_is_left_because_they_are_in_none()
    {
        await Store([Enabled(0)]);
        var state = await database.Scalar<string>("select data::text from mt_doc_community", Cancel);
        await Store([Cut(0)]);
        await Run(
            $"update mt_events set is_skipped = true where version = 2; update mt_doc_community set data = '{state}', mt_version = 1"
        );

        await using (await SchemaFour.Open(database.ConnectionString, Cancel, "eventarchive"))
            await Apply();

        (await States()).ShouldHaveSingleItem().ShouldContain("|1|");
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_named_and_nothing_is_changed_until_it_is_skipped()
    {
        await Store([Enabled(0), Cut(0)]);
        await Run("update mt_events set data = '{}' where version = 2; update ea_folds set version = 2");
        var before = await States();

        var error = await Should.ThrowAsync<InvalidOperationException>(Apply);

        error.Message.ShouldMatch("^Event seq_id [0-9]+ cannot be read: .* Nothing was changed. Repair the event, or skip it");
        (await States()).ShouldBe(before);
        (await database.Rows(Folds, Cancel)).ShouldBe(["Community|2", "PendingWork|2"]);

        await Run("update mt_events set is_skipped = true where version = 2");
        await Apply();
        (await States()).ShouldHaveSingleItem().ShouldNotContain("100");
        (await database.Rows(Work, Cancel)).ShouldBeEmpty();
    }

    private static HistoryArchivesEnabled Enabled(int community) => new(Ids[community], ControlNode: true, PubsubTopic.Default, []);

    private static ArchiveCreationStarted Cut(int community, ulong from = 0) =>
        new(Ids[community], from, from + 100, 60, [], HighestMessageNumber: 5, Parent: null, CommittedBytes: 0);

    private Database Tables => Database.Of(database.Source);

    private Task Apply() => Tables.Apply(agreed: false, Cancel);

    /// <summary>Ends its sessions, which would count as those of a node.</summary>
    private async Task Store(params IReadOnlyList<IEvent>[] streams)
    {
        await using var services = TestStores.Of(database);
        foreach (var events in streams)
            (await services.GetRequiredService<CommunityStore>().Store(events, Cancel)).ShouldNotBeNull();
    }

    private Task<IReadOnlyList<string>> States() =>
        database.Rows("select right(id, 1), mt_version, data ->> 'Version', data from mt_doc_community order by id", Cancel);

    private Task Run(string sql) => SchemaFour.Run(database.ConnectionString, sql, Cancel);
}
