using EventArchive.Postgres;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The schema against its description, src/Adapters/Postgres/Sql/schema.txt.</summary>
public sealed class SchemaTests(PostgresFixture postgres)
{
    /// <summary>Set to 1, the test of the description writes it anew.</summary>
    private const string RenewVariable = "EVENTARCHIVE_RENEW_SCHEMA";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_database_is_as_described_column_by_column_because_marten_drops_or_alters_whatever_differs()
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
    public void The_description_holds_what_martens_schema_tool_compares()
    {
        string[] martens =
        [
            "column mt_streams.id: character varying not null",
            "column mt_streams.version: bigint null",
            "column mt_streams.tenant_id: character varying null default '*DEFAULT*'::character varying",
            "column mt_events.seq_id: bigint not null",
            "column mt_events.type: character varying(500) not null",
            "column mt_events.headers: jsonb null",
            "constraint mt_streams.pkey_mt_streams_id: PRIMARY KEY (id)",
            "constraint mt_events.pkey_mt_events_seq_id: PRIMARY KEY (seq_id)",
            "constraint mt_events.fkey_mt_events_stream_id: FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE",
            "constraint mt_event_progression.pk_mt_event_progression: PRIMARY KEY (name)",
            "index mt_events.pk_mt_events_stream_and_version: CREATE UNIQUE INDEX USING btree (stream_id, version)",
            "sequence mt_events_sequence: bigint from 1 by 1, 1 to 9223372036854775807, cache 1, owned by mt_events.seq_id",
        ];

        martens.ShouldBeSubsetOf(SchemaDescription.Expected);
        // A column or index of our own in its tables would be dropped.
        SchemaDescription.Expected.Count(line => line.StartsWith("column mt_streams.", StringComparison.Ordinal)).ShouldBe(9);
        SchemaDescription.Expected.Count(line => line.StartsWith("column mt_events.", StringComparison.Ordinal)).ShouldBe(13);
        SchemaDescription.Expected.Count(line => line.StartsWith("index mt_events.", StringComparison.Ordinal)).ShouldBe(2);
        SchemaDescription.Expected.ShouldNotContain(line => line.StartsWith("trigger mt_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_printed_script_makes_the_same_database_as_apply()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);

        await database.Run(Database.Script, Cancel);

        (await Describe(database)).ShouldBe(SchemaDescription.Expected);
        await new Database(database.Source).RequireVersion(Cancel);
        await new Database(database.Source).Apply(Cancel);
    }

    [Theory]
    [InlineData("alter table mt_events drop column headers", "missing: column mt_events.headers: jsonb null")]
    [InlineData("drop table ea_inbox", "missing: table ea_inbox: plain")]
    [InlineData("drop index pk_mt_events_stream_and_version", "missing: index mt_events.pk_mt_events_stream_and_version: ")]
    [InlineData("drop function mt_archive_stream", "missing: function mt_archive_stream(streamid character varying): returns void")]
    [InlineData("drop sequence mt_events_sequence", "missing: sequence mt_events_sequence: bigint")]
    [InlineData(
        "alter table mt_events drop constraint fkey_mt_events_stream_id",
        "missing: constraint mt_events.fkey_mt_events_stream_id: "
    )]
    [InlineData("alter table mt_events add our_hash text", "unexpected: column mt_events.our_hash: text null")]
    [InlineData("create index mine on mt_streams (type)", "unexpected: index mt_streams.mine: CREATE INDEX USING btree (type)")]
    [InlineData(
        "alter table ea_inbox add constraint c check (command <> '')",
        "unexpected: constraint ea_inbox.c: CHECK ((command <> ''::text))"
    )]
    [InlineData(
        "create trigger t before update on mt_streams for each row execute function suppress_redundant_updates_trigger()",
        "unexpected: trigger mt_streams.t: CREATE TRIGGER t BEFORE UPDATE"
    )]
    [InlineData(
        "create function mt_archive_stream(streamid uuid) returns void language sql as ''",
        "unexpected: function mt_archive_stream(streamid uuid): returns void, sql"
    )]
    [InlineData(
        "alter table mt_events alter type type text",
        "different: column mt_events.type: text not null; expected character varying(500) not null"
    )]
    [InlineData(
        "alter function mt_archive_stream(varchar) security definer set lock_timeout = 1",
        "different: function mt_archive_stream(streamid character varying): returns void, plpgsql, security definer, set lock_timeout=1, source"
    )]
    [InlineData("alter table mt_streams alter created drop default", "different: column mt_streams.created: ")]
    [InlineData(
        "alter table ea_inbox alter command drop not null",
        "different: column ea_inbox.command: text null; expected text not null"
    )]
    [InlineData("alter sequence mt_events_sequence cache 20", "different: sequence mt_events_sequence: ")]
    [InlineData("alter table ea_inbox set unlogged", "different: table ea_inbox: unlogged; expected plain")]
    [InlineData(
        "create or replace function mt_archive_stream(streamid varchar) returns void language plpgsql as 'begin end'",
        "different: function mt_archive_stream(streamid character varying): returns void, plpgsql, source sha256 "
    )]
    public async Task What_was_changed_by_hand_is_one_line(string change, string line)
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run(change, Cancel);

        var differences = await new Database(database.Source).Differences(Cancel);

        differences.Count.ShouldBe(1, string.Join('\n', differences));
        differences[0].ShouldStartWith(line);
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

        (await new Database(database.Source).Differences(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_mends_what_is_missing()
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run("drop table ea_community_states; drop function mt_quick_append_events; delete from ea_schema", Cancel);
        (await new Database(database.Source).Differences(Cancel)).Count.ShouldBe(2);

        await new Database(database.Source).Apply(Cancel);

        (await new Database(database.Source).Differences(Cancel)).ShouldBeEmpty();
        await new Database(database.Source).RequireVersion(Cancel);
    }

    private static async Task<IReadOnlyList<string>> Describe(TestDatabase database)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        return await SchemaDescription.Read(connection, Cancel);
    }
}
