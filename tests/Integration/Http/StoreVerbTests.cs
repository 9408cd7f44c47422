using System.Diagnostics;
using System.Text.Json.Nodes;
using EventArchive.Testing;
using EventArchive.Tests.Integration.Cli;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>The verbs that need a database or a running service.</summary>
[Collection(ServicePair.Collection)]
public sealed class StoreVerbTests(ServicePair pair)
{
    private static readonly Uri NoWaku = new("http://127.0.0.1:9");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tables_are_made_once_keys_and_messages_are_kept_once_and_no_key_is_printed()
    {
        var settings = await pair.NewSettings("fresh", NoWaku, Cancellation);
        var key = Convert.ToHexStringLower(pair.PrivateKey);

        (await Verb.RunWith(settings, null, "db", "apply", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("applied")
            .GetBoolean()
            .ShouldBeTrue();
        (await Verb.RunWith(settings, null, "db", "apply")).ShouldSucceed();
        foreach (var text in new[] { key, $" 0x{key.ToUpperInvariant()}\n" })
        {
            var imported = (await Verb.RunWith(settings, text, "keys", "import", "--json")).ShouldSucceed();
            imported.Json.GetProperty("communityId").GetString().ShouldBe(pair.Community.ToString());
            imported.Output.ShouldNotContain(key);
        }
        foreach (var expected in new[] { 10, 0 })
        {
            var recorded = (await Verb.RunWith(settings, null, "messages", "record", pair.MessageFile, "--json")).ShouldSucceed().Json;
            recorded.GetProperty("messages").GetInt32().ShouldBe(10);
            recorded.GetProperty("recorded").GetInt32().ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("", "Standard input is empty")]
    [InlineData("0x1234", "64 hexadecimal digits")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "private key")]
    public async Task What_is_no_private_key_is_refused_and_the_database_is_not_touched(string input, string reason)
    {
        var settings = await pair.NewSettings("untouched", NoWaku, Cancellation);

        (await Verb.RunWith(settings, input, "keys", "import")).ShouldFail(1, reason);

        (await Tables(settings)).ShouldBe(0);
    }

    [Fact]
    public async Task A_wrong_message_file_is_refused_and_the_database_is_not_touched()
    {
        var settings = await pair.NewSettings("untouched", NoWaku, Cancellation);
        var file = JsonNode.Parse(await File.ReadAllTextAsync(pair.MessageFile, Cancellation))!;
        file["messages"]![9]!["hash"] = "0xzz";
        var path = Path.Combine(settings.Folder, "wrong.with-key");
        await File.WriteAllTextAsync(path, file.ToJsonString(), Cancellation);

        (await Verb.RunWith(settings, null, "messages", "record", path)).ShouldFail(1, "Message 10", "hash");

        (await Tables(settings)).ShouldBe(0);
    }

    [Fact]
    public async Task Projections_are_listed_and_rebuilt_beside_the_running_service()
    {
        var settings = pair.OwnerSettings;
        var listed = (await Verb.RunWith(settings, null, "projections", "list", "--json")).ShouldSucceed().Json;
        listed.EnumerateArray().Select(row => row.GetProperty("name").GetString()).ShouldContain("Timeline");
        (await Verb.RunWith(settings, null, "projections", "list")).ShouldSucceed().Output.ShouldContain("publish");

        var rebuilt = await Verb.RunWith(settings, null, "projections", "rebuild", "--all", "--json");

        rebuilt.ExitCode.ShouldBe(0, rebuilt.Error);
        rebuilt.Json.GetProperty("rebuilt").GetArrayLength().ShouldBe(7);
        rebuilt.Error.ShouldContain("Timeline: ", Case.Sensitive, "how far it is stands apart from the result");
    }

    [Theory]
    [InlineData("eventarchive db apply rebuilds it, with the nodes stopped", "projections", "rebuild", "PendingWork")]
    [InlineData("eventarchive db apply rebuilds it, with the nodes stopped", "projections", "rebuild", "community")]
    [InlineData("publish has nothing to rebuild", "projections", "rebuild", "publish")]
    [InlineData("There is no projection Nothing", "projections", "rebuild", "Nothing")]
    [InlineData("Name one projection, or give --all", "projections", "rebuild")]
    [InlineData("Timeline has not stopped", "projections", "retry", "timeline")]
    [InlineData("Nothing has stopped at event 3", "projections", "skip", "3", "--reason", "why not")]
    [InlineData("1 to 1000 characters", "projections", "skip", "3", "--reason", " ")]
    public async Task What_cannot_be_done_with_a_projection_is_refused_with_the_reason(string reason, params string[] arguments) =>
        (await Verb.RunWith(pair.OwnerSettings, null, arguments)).ShouldFail(1, reason);

    [Fact]
    public async Task Send_prints_the_outcome_or_fails_with_the_reason()
    {
        var url = pair.Owner.Address.ToString();
        var known = $$"""{"communityId":"{{pair.Community}}"}""";

        // While one is under way there is no second announcement.
        await pair.UntilAnnounced();
        var announced = (await Verb.Run("send", "AnnounceArchive", known, "--url", url, "--json")).ShouldSucceed().Json;
        announced.GetProperty("eventIds").GetArrayLength().ShouldBe(1);
        (await Verb.RunReading("{}", "send", "AnnounceArchive", "-", "--url", url)).ShouldFail(1, "communityId is missing");
        (await Verb.Run("send", "Frobnicate", "{}", "--url", url)).ShouldFail(1, "There is no command Frobnicate", "CreateArchive");
        var stranger = $$"""{"communityId":"0x02{{new string('a', 64)}}"}""";
        (await Verb.Run("send", "AnnounceArchive", stranger, "--url", url)).ShouldFail(1, "unknown_community");
        (await Verb.Run("send", "AnnounceArchive", known, "--url", "http://127.0.0.1:9")).ShouldFail(1, "No service answers", "--url");
        (await Verb.Run("send", "AnnounceArchive", known, "--url", pair.OwnerSettings.Waku.ToString())).ShouldFail(
            1,
            "is not this service"
        );
        await pair.UntilAnnounced();
    }

    [Fact]
    public async Task Wrong_settings_are_one_line_each_before_anything_starts_and_no_password_is_repeated()
    {
        var settings = pair.OwnerSettings with
        {
            Database = "Host=127.0.0.1;Pasword=opensesame",
            More = new Dictionary<string, string>
            {
                ["Http__Url"] = "http://0.0.0.0:8646",
                ["Data__Root"] = "/nowhere",
                ["Work__Sweep"] = "soon",
                ["Bus__Transport"] = "RabbitMq",
                ["Bus__Uri"] = "http://user:opensesame@broker",
                ["Waku__Nod"] = "http://127.0.0.1:8645",
            },
        };

        // What cannot be read at all comes first: the rest is not known until it can.
        var unreadable = await Verb.RunWith(settings, null, "serve");
        unreadable.ExitCode.ShouldBe(2);
        Lines(unreadable).Length.ShouldBe(2);
        unreadable.Error.ShouldContain("Work:Sweep cannot be read: it is a time like 00:00:02.");
        unreadable.Error.ShouldContain("There is no setting Waku:Nod.");

        settings.More.ShouldBeOfType<Dictionary<string, string>>().Remove("Waku__Nod");
        ((Dictionary<string, string>)settings.More)["Work__Sweep"] = "00:00:00";
        var wrong = await Verb.RunWith(settings, null, "serve");
        wrong.ExitCode.ShouldBe(2);
        Lines(wrong).Length.ShouldBe(5);
        foreach (var name in new[] { "Postgres:ConnectionString", "Data:Root", "Http:Url", "Bus:Uri", "Work:" })
            Lines(wrong).ShouldContain(line => line.StartsWith($"eventarchive: {name}", StringComparison.Ordinal));
        (unreadable.Error + wrong.Error).ShouldNotContain("opensesame");
        (unreadable.Output + wrong.Output).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_the_service_in_order_and_without_a_fault(string signal)
    {
        var settings = await pair.NewSettings($"signalled-{signal}", NoWaku, Cancellation);
        await using var node = await ServiceNode.Start(settings, Cancellation);

        using var kill = ChildProcess.Start("kill", "-s", signal, $"{node.ProcessId}");

        (await node.Exit(TimeSpan.FromSeconds(20), Cancellation)).ShouldBe(0, node.Tail);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_without_its_password()
    {
        var settings = pair.OwnerSettings with { Database = "Host=127.0.0.1;Port=9;Username=u;Password=opensesame;Timeout=5" };

        var verb = await Verb.RunWith(settings, null, "db", "apply");

        verb.ShouldFail(1, "The database cannot be used", "Postgres:ConnectionString").Error.ShouldNotContain("opensesame");
    }

    private static string[] Lines(Verb verb) => verb.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<long> Tables(ServiceNodeSettings settings)
    {
        await using var source = NpgsqlDataSource.Create(settings.Database);
        await using var count = source.CreateCommand("select count(*) from pg_tables where schemaname = 'public'");
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }
}
