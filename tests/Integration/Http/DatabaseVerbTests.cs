using EventArchive.Testing;
using EventArchive.Tests.Integration.Cli;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>The verbs that look after the tables, and what the others do where the tables are not as they need them.</summary>
[Collection(ServicePair.Collection)]
public sealed class DatabaseVerbTests(ServicePair pair)
{
    private static readonly Uri NoWaku = new("http://127.0.0.1:9");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_verb_that_uses_the_tables_does_not_make_them_because_migrating_is_somebodys_decision()
    {
        var settings = await pair.NewSettings("no-tables", NoWaku, Cancellation);
        var key = Convert.ToHexStringLower(pair.PrivateKey);

        (await Verb.RunWith(settings, key, "keys", "import"))
            .ShouldFail(1, "has no tables", "Run eventarchive db apply")
            .Error.ShouldNotContain(key);
        (await Verb.RunWith(settings, null, "messages", "record", pair.MessageFile)).ShouldFail(1, "Run eventarchive db apply");

        (await Rows(settings, "select count(*)::int from pg_tables where schemaname = 'public'")).ShouldBe([0]);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_by_every_verb_and_by_the_service_before_anything_is_written()
    {
        var settings = await pair.NewSettings("newer", NoWaku, Cancellation);
        (await Verb.RunWith(settings, null, "db", "apply")).ShouldSucceed();
        await Execute(settings, "update ea_schema set version = 99");
        var before = await Written(settings);

        foreach (
            var words in new[] { "serve", "db apply", "db assert", "keys import", $"messages record {pair.MessageFile}" }.Select(text =>
                text.Split(' ')
            )
        )
            (await Verb.RunWith(settings, Convert.ToHexStringLower(pair.PrivateKey), words)).ShouldFail(
                1,
                "has schema version 99",
                "this program knows version",
                "Run that release or a newer one"
            );

        (await Written(settings)).ShouldBe(before);
    }

    [Fact]
    public async Task Differences_are_one_line_each_with_exit_code_1()
    {
        var settings = await pair.NewSettings("differing", NoWaku, Cancellation);
        (await Verb.RunWith(settings, null, "db", "apply")).ShouldSucceed();
        (await Verb.RunWith(settings, null, "db", "assert")).ShouldSucceed().Output.ShouldContain("as expected");
        (await Verb.RunWith(settings, null, "db", "assert", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("asExpected")
            .GetBoolean()
            .ShouldBeTrue();

        await Execute(settings, "alter table mt_events add our_hash text; drop table ea_api_keys; create table mt_doc_account (id int)");

        var text = (await Verb.RunWith(settings, null, "db", "assert")).ShouldFailAfterOutput(1, "Run eventarchive db apply");
        text.Output.TrimEnd()
            .Split('\n')
            .ShouldBe([
                "missing: table ea_api_keys: plain",
                "different: public.mt_events: alter table public.mt_events drop column our_hash",
            ]);
        var json = (await Verb.RunWith(settings, null, "db", "assert", "--json")).ShouldFailAfterOutput(1).Json;
        json.GetProperty("differences").GetArrayLength().ShouldBe(2);
        json.GetProperty("asExpected").GetBoolean().ShouldBeFalse();
        (await Verb.RunWith(settings, null, "db", "apply")).ShouldFail(1, "drop column our_hash", "run db apply --yes");
        (await Verb.RunWith(settings, null, "db", "apply", "--yes")).ShouldSucceed();
        (await Verb.RunWith(settings, null, "db", "assert")).ShouldSucceed();
    }

    [Fact]
    public async Task The_script_is_printed_without_a_database_and_makes_what_assert_expects()
    {
        var settings = await pair.NewSettings("scripted", NoWaku, Cancellation);

        var script = (await Verb.Run("db", "script")).ShouldSucceed().Output;
        (await Verb.Run("db", "script", "--json")).ShouldSucceed().Json.GetProperty("sql").GetString().ShouldBe(script.TrimEnd('\n'));

        await Execute(settings, script);
        (await Verb.RunWith(settings, null, "db", "assert")).ShouldSucceed();
    }

    [Fact]
    public async Task A_user_without_rights_gets_one_line()
    {
        var settings = await pair.NewSettings("rights", NoWaku, Cancellation);
        var user = new NpgsqlConnectionStringBuilder(settings.Database)
        {
            Username = $"user_{Guid.NewGuid():N}",
            Password = "for this test",
        };
        await Execute(
            settings,
            $"create role {user.Username} login password '{user.Password}'; revoke create on schema public from public"
        );

        (await Verb.RunWith(settings with { Database = user.ConnectionString }, null, "db", "apply")).ShouldFail(
            1,
            "permission denied for schema public",
            "as the owner of the tables"
        );
        await Execute(settings, $"drop owned by {user.Username}; drop role {user.Username}");
    }

    [Theory]
    [InlineData("Password", "opensesame", "Check Username and Password")]
    [InlineData("Database", "nowhere", "Create the database, or check Database")]
    [InlineData("Port", "9", "Host, Port, Username and Password")]
    public async Task A_wrong_part_of_the_connection_string_is_one_line_without_the_password(string part, string value, string advice)
    {
        var right = new NpgsqlConnectionStringBuilder(pair.OwnerSettings.Database);
        var wrong = new NpgsqlConnectionStringBuilder(pair.OwnerSettings.Database) { [part] = value };
        var settings = pair.OwnerSettings with { Database = wrong.ConnectionString };

        foreach (var words in new[] { "serve", "db apply", "db assert", "keys import" }.Select(text => text.Split(' ')))
        {
            var verb = await Verb.RunWith(settings, Convert.ToHexStringLower(pair.PrivateKey), words);
            verb.ShouldFail(1, "The database cannot be used", advice, "Postgres:ConnectionString");
            verb.Error.ShouldNotContain("opensesame");
            verb.Error.ShouldNotContain(right.Password!);
        }
    }

    private static async Task<IReadOnlyList<object>> Written(ServiceNodeSettings settings) =>
        await Rows(
            settings,
            "select format('%s %s', xmin, applied_at) from ea_schema union all select format('%s %s', proname, xmin) from pg_proc where pronamespace = 'public'::regnamespace"
        );

    private static async Task<IReadOnlyList<object>> Rows(ServiceNodeSettings settings, string sql)
    {
        await using var source = NpgsqlDataSource.Create(settings.Database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        List<object> rows = [];
        while (await reader.ReadAsync(Cancellation))
            rows.Add(reader.GetValue(0));
        return rows;
    }

    private static async Task Execute(ServiceNodeSettings settings, string sql)
    {
        await using var source = NpgsqlDataSource.Create(settings.Database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
