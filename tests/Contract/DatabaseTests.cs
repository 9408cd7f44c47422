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
            Database.Of(database.Source).Apply(agreed: false, Cancel),
            Database.Of(other.Source).Apply(agreed: false, Cancel),
            Database.Of(database.Source).Apply(agreed: false, Cancel)
        );
        await Database.Of(other.Source).Apply(agreed: false, Cancel);

        (await Database.Of(other.Source).Differences(Cancel)).ShouldBeEmpty();
        (await database.Rows("select version from ea_schema", Cancel)).ShouldBe([$"{Database.Version}"]);
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
