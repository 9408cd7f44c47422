using EventArchive.EventStore;
using EventArchive.Postgres;
using EventArchive.Testing;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Our tables against their description, src/Adapters/Postgres/Sql/schema.txt, and Marten's against the store.</summary>
public sealed class SchemaTests(PostgresFixture postgres)
{
    /// <summary>Set to 1, the test of the description writes it anew.</summary>
    private const string RenewVariable = "EVENTARCHIVE_RENEW_SCHEMA";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_database_is_as_described_column_by_column()
    {
        await using var database = await postgres.Create(Cancel);

        var lines = await Describe(database);

        if (Environment.GetEnvironmentVariable(RenewVariable) == "1")
            await File.WriteAllLinesAsync(Repository.File("src", "Adapters", "Postgres", "Sql", "schema.txt"), lines, Cancel);
        else
            string.Join('\n', lines)
                .ShouldBe(
                    string.Join('\n', SchemaDescription.Expected),
                    "The scripts and src/Adapters/Postgres/Sql/schema.txt disagree. If the scripts are right, raise Database.Version when the last "
                        + $"release had the former ones, and renew the file: {RenewVariable}=1 ./test A_fresh_database_is_as_described, then build "
                        + "again and review the difference."
                );
    }

    [Fact]
    public async Task The_printed_script_makes_the_same_database_as_apply()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);

        await database.Run(Database.Script, Cancel);

        (await Differences(database)).ShouldBeEmpty();
        await Database.Of(database.Source).RequireVersion(Cancel);
        await Apply(database);
    }

    [Theory]
    [InlineData("drop table ea_nodes cascade", "missing: table ea_nodes: plain")]
    [InlineData("drop function ea_drop_message_month", "missing: function ea_drop_message_month(month integer): returns void")]
    [InlineData("alter table ea_nodes add our_hash text", "unexpected: column ea_nodes.our_hash: text null")]
    [InlineData("create index mine on ea_nodes (roles)", "unexpected: index ea_nodes.mine: CREATE INDEX USING btree (roles)")]
    [InlineData(
        "alter table ea_nodes add constraint c check (name <> '')",
        "unexpected: constraint ea_nodes.c: CHECK ((name <> ''::text))"
    )]
    [InlineData(
        "create trigger t before update on ea_nodes for each row execute function suppress_redundant_updates_trigger()",
        "unexpected: trigger ea_nodes.t: CREATE TRIGGER t BEFORE UPDATE"
    )]
    [InlineData("alter table ea_nodes alter roles drop not null", "different: column ea_nodes.roles: text null; expected text not null")]
    [InlineData("alter table ea_api_keys set unlogged", "different: table ea_api_keys: unlogged; expected plain")]
    [InlineData(
        "alter function ea_add_message_month security invoker",
        "different: function ea_add_message_month(month integer): returns void"
    )]
    [InlineData("drop table mt_doc_outcome", "missing: public.mt_doc_outcome")]
    [InlineData("drop function mt_archive_stream", "missing: public.mt_archive_stream")]
    [InlineData(
        "alter table mt_events drop column headers",
        "different: public.mt_events: alter table public.mt_events add column headers jsonb"
    )]
    [InlineData(
        "alter table mt_events add our_hash text",
        "different: public.mt_events: alter table public.mt_events drop column our_hash"
    )]
    [InlineData("create index mine on mt_streams (type)", "different: public.mt_streams: drop index")]
    [InlineData(
        "drop index pk_mt_events_stream_and_version",
        "different: public.mt_events: CREATE UNIQUE INDEX pk_mt_events_stream_and_version"
    )]
    [InlineData(
        "create or replace function mt_archive_stream(streamid varchar) returns void language plpgsql as 'begin end'",
        "different: public.mt_archive_stream"
    )]
    public async Task What_was_changed_by_hand_is_one_line(string change, string line)
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run(change, Cancel);

        var differences = await Differences(database);

        differences
            .Where(difference => !difference.Contains("node_torrents", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldStartWith(line);
    }

    [Fact]
    public async Task Tables_and_functions_of_strangers_are_no_difference_because_a_marten_store_may_share_the_database()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run(
            "create table mt_doc_account (id uuid primary key, data jsonb); create index on mt_doc_account (data); "
                + "create function mt_upsert_account(doc jsonb) returns void language sql as ''; create sequence numbers; create view v as select 1",
            Cancel
        );

        (await Differences(database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_makes_what_is_missing()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run("drop table ea_api_keys; drop function mt_quick_append_events; delete from ea_schema", Cancel);
        (await Differences(database)).Count.ShouldBe(2);

        await Apply(database);

        (await Differences(database)).ShouldBeEmpty();
        await Database.Of(database.Source).RequireVersion(Cancel);
    }

    [Fact]
    public async Task Apply_asks_before_it_drops_what_the_store_does_not_know()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run("alter table mt_events add our_hash text; create index mine on mt_events (type)", Cancel);

        var error = await Should.ThrowAsync<ApplyNotAgreedException>(() => Apply(database));

        error.Message.ShouldContain("drop column our_hash");
        error.Message.ShouldContain("drop index if exists public.mine");
        error.Message.ShouldContain("--yes");
        error.Message.ShouldNotContain('\n');
        (await Differences(database)).Count.ShouldBe(2);

        await Database.Of(database.Source).Apply(agreed: true, Cancel);
        (await Differences(database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_keeps_recorded_messages_their_months_and_what_it_does_not_know_in_our_tables()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run(
            "select ea_add_message_month(202311); insert into ea_messages values (1700000000, 1, 1, 202311, false, 'abcd', 'h', 's', 'p', 'x', ''); "
                + "alter table ea_nodes add note text; alter table ea_messages add note text; drop function ea_drop_message_month",
            Cancel
        );

        await Database.Of(database.Source).Apply(agreed: true, Cancel);

        (await database.Rows("select tableoid::regclass::text, number from ea_messages", Cancel)).ShouldBe(["ea_messages_202311|1"]);
        (await Differences(database)).ShouldBe([
            "unexpected: column ea_messages.note: text null",
            "unexpected: column ea_messages_other.note: text null",
            "unexpected: column ea_nodes.note: text null",
        ]);
    }

    [Fact]
    public async Task The_row_that_is_kept_for_publishing_is_the_one_that_marten_reads()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);
        await using var store = DocumentStore.For(options =>
        {
            options.Connection(database.Source);
            EventStoreSetup.Configure(options);
            new EventPublisher((_, _) => Task.CompletedTask, TimeProvider.System, NullLogger<EventPublisher>.Instance).AddTo(options);
        });

        store.Options.Projections.AllShards().Select(shard => shard.Name.Identity).ShouldContain("publish:All");
    }

    private static Task Apply(TestDatabase database) => Database.Of(database.Source).Apply(agreed: false, Cancel);

    private static Task<IReadOnlyList<string>> Differences(TestDatabase database) => Database.Of(database.Source).Differences(Cancel);

    private static async Task<IReadOnlyList<string>> Describe(TestDatabase database)
    {
        await using var command = database.Source.CreateCommand(
            await File.ReadAllTextAsync(Repository.File("src", "Adapters", "Postgres", "Sql", "describe_schema.sql"), Cancel)
        );
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        return await SchemaDescription.Read(reader, Cancel);
    }
}
