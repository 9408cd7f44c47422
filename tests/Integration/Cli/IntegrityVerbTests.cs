using System.Text;
using EventArchive.Events;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A store whose only stream has three events, each as the service would have hashed it.</summary>
public sealed class IntegrityVerbTests : IAsyncLifetime
{
    private const string Community = "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Stranger = "0x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Stream = $"community-{Community}";

    private readonly TempFolder folder = new();
    private PrivatePostgres postgres = null!;
    private ServiceNodeSettings settings = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        settings = new("node", folder.Sub("node"), await postgres.CreateDatabase(Cancellation), new Uri("http://127.0.0.1:9"));
        (await Verb.RunWith(settings, null, "db", "apply")).ShouldSucceed();
        await Execute($"insert into mt_streams (id, version) values ('{Stream}', 3)");
        EventHash? previous = null;
        for (var version = 1; version <= 3; version++)
            previous = await Insert(version, previous);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Verify_names_the_first_event_that_does_not_fit_and_fails()
    {
        var whole = (await Verb.RunWith(settings, null, "verify", "--community", Community, "--json")).ShouldSucceed().Json;
        (whole.GetProperty("whole").GetBoolean(), whole.GetProperty("events").GetInt64()).ShouldBe((true, 3L));
        string[] counts = ["form1", "form2", "unhashed", "tombstones"];
        counts.Select(count => whole.GetProperty(count).GetInt64()).ShouldBe([3, 0, 0, 0]);
        (await Verb.RunWith(settings, null, "verify")).ShouldSucceed().Output.ShouldContain("3 events in 1 streams");
        (await Verb.RunWith(settings, null, "verify", "--community", Stranger)).ShouldFail(1, "no event of community");
        (await Verb.RunWith(settings, null, "verify", "--community", "me")).ShouldFail(1, "66 hexadecimal digits");

        await Execute("update mt_events set data = '{}' where seq_id = 2");

        var broken = (await Verb.RunWith(settings, null, "verify", "--json")).ShouldFailAfterOutput(1, "seq_id 2", Stream).Json;
        broken.GetProperty("first").GetProperty("seqId").GetInt64().ShouldBe(2);
        broken.GetProperty("first").GetProperty("what").GetString().ShouldBe("changed");
        (await Verb.RunWith(settings, null, "verify")).ShouldFailAfterOutput(1).Output.ShouldContain("changed");
    }

    [Fact]
    public async Task A_head_that_was_carried_away_shows_that_the_end_of_a_stream_is_gone()
    {
        var head = Path.Combine(folder.Path, "head.json");
        var signed = (await Verb.RunWith(settings, null, "heads", "sign")).ShouldSucceed();
        await File.WriteAllTextAsync(head, signed.Output, Cancellation);
        var key = signed.Json.GetProperty("publicKey").GetString()!;
        (await Verb.RunWith(settings, null, "heads", "check")).ShouldSucceed().Output.ShouldContain("fits");
        (await Verb.RunWith(settings, signed.Output, "heads", "check", "-", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("whole")
            .GetBoolean()
            .ShouldBeTrue();

        await Execute("delete from mt_events where seq_id = 3; update mt_streams set version = 2; delete from ea_signed_heads");

        (await Verb.RunWith(settings, null, "verify")).ShouldSucceed();
        (await Verb.RunWith(settings, null, "heads", "check")).ShouldFail(1, "No head is stored");
        (await Verb.RunWith(settings, null, "heads", "check", head, "--key", key)).ShouldFailAfterOutput(1, "truncated", "seq_id 3");
    }

    private async Task<EventHash> Insert(int version, EventHash? previous)
    {
        var id = Guid.CreateVersion7();
        var data = $$"""{"CommunityId":"{{Community}}","From":{{version}},"SetAside":null,"To":18446744073709551615}""";
        var hash = EventHash.Of(Stream, version, "archive_skipped", id, Encoding.UTF8.GetBytes(data), null, null, previous);
        await Execute(
            $$"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, headers)
            select {{version}}, '{{id}}', '{{Stream}}', {{version}}, '{{data}}', 'archive_skipped',
                jsonb_build_object('hash', '{{hash}}', 'previous', {{(previous is null ? "null::text" : $"'{previous}'")}})
            """
        );
        return hash;
    }

    private async Task Execute(string sql)
    {
        await using var source = NpgsqlDataSource.Create(settings.Database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
