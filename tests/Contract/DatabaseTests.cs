using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class DatabaseTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_may_apply_the_schema_at_once_and_again()
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);
        await using var other = new TestDatabase(database.ConnectionString);

        await Task.WhenAll(
            new Database(database.Source).Apply(Cancel),
            new Database(other.Source).Apply(Cancel),
            new Database(database.Source).Apply(Cancel)
        );
        await new Database(other.Source).Apply(Cancel);

        (await database.Rows("select tablename from pg_tables where schemaname = 'public' order by 1", Cancel)).ShouldBe([
            "ea_community_keys",
            "ea_inbox",
            "ea_magnetlink_clocks",
            "ea_messages",
            "ea_pending_work",
            "mt_event_progression",
            "mt_events",
            "mt_streams",
        ]);
    }

    [Theory]
    [InlineData(
        "mt_streams",
        "id:character varying:NO:|type:character varying:YES:|version:bigint:YES:|timestamp:timestamp with time zone:NO:now()|"
            + "snapshot:jsonb:YES:|snapshot_version:integer:YES:|created:timestamp with time zone:NO:now()|"
            + "tenant_id:character varying:YES:'*DEFAULT*'::character varying|is_archived:boolean:YES:false"
    )]
    [InlineData(
        "mt_events",
        "seq_id:bigint:NO:|id:uuid:NO:|stream_id:character varying:YES:|version:bigint:NO:|data:jsonb:NO:|type:character varying:NO:|"
            + "timestamp:timestamp with time zone:NO:now()|tenant_id:character varying:YES:'*DEFAULT*'::character varying|"
            + "mt_dotnet_type:character varying:YES:|correlation_id:character varying:YES:|causation_id:character varying:YES:|"
            + "headers:jsonb:YES:|is_archived:boolean:YES:false"
    )]
    [InlineData(
        "mt_event_progression",
        "name:character varying:NO:|last_seq_id:bigint:YES:|last_updated:timestamp with time zone:YES:transaction_timestamp()"
    )]
    public async Task The_columns_are_martens_because_it_drops_or_alters_whatever_differs(string table, string columns)
    {
        await using var database = await postgres.Create(Cancel);

        var found = await database.Rows(
            "select column_name || ':' || data_type || ':' || is_nullable || ':' || coalesce(column_default, '') "
                + $"from information_schema.columns where table_name = '{table}' order by ordinal_position",
            Cancel
        );

        string.Join('|', found).ShouldBe(columns);
    }

    [Fact]
    public async Task The_constraints_indexes_and_sequence_are_martens()
    {
        await using var database = await postgres.Create(Cancel);

        (
            await database.Rows(
                "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid::regclass::text like 'mt\\_%' order by 1",
                Cancel
            )
        ).ShouldBe([
            "fkey_mt_events_stream_id|FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE",
            "pk_mt_event_progression|PRIMARY KEY (name)",
            "pkey_mt_events_seq_id|PRIMARY KEY (seq_id)",
            "pkey_mt_streams_id|PRIMARY KEY (id)",
        ]);
        (await database.Rows("select indexdef from pg_indexes where tablename like 'mt\\_%' order by indexname", Cancel)).ShouldBe([
            "CREATE UNIQUE INDEX pk_mt_event_progression ON public.mt_event_progression USING btree (name)",
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version)",
            "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON public.mt_events USING btree (seq_id)",
            "CREATE UNIQUE INDEX pkey_mt_streams_id ON public.mt_streams USING btree (id)",
        ]);
        (await database.Scalar<string>("select pg_get_serial_sequence('mt_events', 'seq_id')", Cancel)).ShouldBe(
            "public.mt_events_sequence"
        );
        (
            await database.Rows(
                "select data_type::text, start_value, increment_by, cache_size from pg_sequences where sequencename = 'mt_events_sequence'",
                Cancel
            )
        ).ShouldBe(["bigint|1|1|1"]);
        (
            await database.Scalar<int>(
                "select character_maximum_length::int from information_schema.columns where table_name = 'mt_events' and column_name = 'type'",
                Cancel
            )
        ).ShouldBe(500);
    }

    [Fact]
    public async Task Martens_daemon_can_mark_its_progress()
    {
        await using var database = await postgres.Create(Cancel);

        await database.Run("select mt_mark_event_progression('HighWaterMark', 5)", Cancel);
        await database.Run("select mt_mark_event_progression('HighWaterMark', 9)", Cancel);

        (await database.Rows("select name, last_seq_id from mt_event_progression", Cancel)).ShouldBe(["HighWaterMark|9"]);
    }

    [Fact]
    public async Task Connections_have_the_settings_on_which_the_adapter_relies()
    {
        await using var database = await postgres.Create(Cancel);

        (
            await database.Rows(
                "select current_setting('TimeZone'), current_setting('lock_timeout'), "
                    + "current_setting('idle_in_transaction_session_timeout'), current_setting('transaction_isolation'), current_setting('search_path')",
                Cancel
            )
        ).ShouldBe(["UTC|10s|30s|read committed|public"]);
    }
}
