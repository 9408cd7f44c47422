using System.Data.Common;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration;

/// <summary>The servers that other tests and the launcher stand on.</summary>
public sealed class PrivateServersTests
{
    private static readonly PostgresSettings OwnPostgres = new(AlwaysPrivate: true);
    private static readonly RabbitMqSettings OwnRabbitMq = new(AlwaysPrivate: true);
    private static readonly TimeSpan MeshLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postgres_keeps_a_committed_row_over_an_immediate_stop_because_it_is_durable_by_default()
    {
        await using var postgres = await PrivatePostgres.Start(OwnPostgres, Cancellation);
        var database = await postgres.CreateDatabase(Cancellation);
        await Run(database, "CREATE TABLE kept (number int); INSERT INTO kept VALUES (7)");

        await postgres.StopImmediate(Cancellation);
        await Should.ThrowAsync<NpgsqlException>(() => Run(database, "SELECT 1"));
        await postgres.Restart(Cancellation);

        (await Run(database, "SELECT number FROM kept")).ShouldBe(7);
    }

    [Fact]
    public async Task Postgres_is_gone_with_its_folder_once_disposed()
    {
        var postgres = await PrivatePostgres.Start(OwnPostgres, Cancellation);
        var address = new DbConnectionStringBuilder { ConnectionString = postgres.ConnectionString("postgres") };
        Directory.Exists(postgres.Folder).ShouldBeTrue();

        await postgres.DisposeAsync();

        Directory.Exists(postgres.Folder).ShouldBeFalse();
        (await Listens(int.Parse($"{address["Port"]}"))).ShouldBeFalse();
    }

    [Fact]
    public async Task Postgres_refuses_a_wrong_password_because_others_share_the_machine()
    {
        await using var postgres = await PrivatePostgres.Start(OwnPostgres, Cancellation);
        var guess = new NpgsqlConnectionStringBuilder(postgres.ConnectionString("postgres")) { Password = "guess", Pooling = false };

        var refusal = await Should.ThrowAsync<PostgresException>(() => Run(guess.ConnectionString, "SELECT 1"));

        refusal.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task RabbitMq_listens_again_on_the_same_port_after_a_kill_and_leaves_nothing_once_disposed()
    {
        var broker = await PrivateRabbitMq.Start(["one", "two"], OwnRabbitMq, Cancellation);
        var port = broker.Uri("one").Port;
        broker.Uri("two").AbsolutePath.ShouldBe("/two");

        await broker.Kill(Cancellation);
        (await Listens(port)).ShouldBeFalse();
        await broker.StartAgain(Cancellation);
        (await Listens(port)).ShouldBeTrue();
        var session = broker.ProcessId;
        LivingProcessesOf(session).ShouldBeGreaterThanOrEqualTo(2, "The broker and its epmd.");
        await broker.DisposeAsync();

        (await Listens(port)).ShouldBeFalse();
        Directory.Exists(broker.Folder).ShouldBeFalse();
        await Deadline.Until("no process of it is left", () => LivingProcessesOf(session) == 0, EndLimit, Cancellation);
    }

    [Fact]
    public async Task A_Waku_node_keeps_its_ports_over_a_restart_so_that_its_peers_and_clients_find_it_again()
    {
        await using var first = await WakuDevNode.Start(Cancellation);
        await using var second = await WakuDevNode.Start(peer: first.DialAddress, logFile: null, Cancellation);
        var (rest, dial) = (first.Rest, first.DialAddress);

        await first.Restart(Cancellation);

        (first.Rest, first.DialAddress).ShouldBe((rest, dial));
        using var http = new HttpClient();
        await Deadline.Until(
            "The restarted node has its peer back",
            async () =>
                (await http.GetFromJsonAsync<JsonElement>(new Uri(rest, "/admin/v1/peers/connected"), Cancellation)).GetArrayLength() > 0,
            MeshLimit,
            Cancellation
        );
    }

    private static async Task<object?> Run(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<bool> Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, Cancellation);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    private static int LivingProcessesOf(int session) =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Count(folder => Lives(folder, session));

    // /proc/<id>/stat: behind the name in brackets come the state, the parent, the group and the session; Z is dead and not yet collected.
    private static bool Lives(string process, int session)
    {
        try
        {
            var status = File.ReadAllText($"{process}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] != "Z" && int.Parse(fields[3]) == session;
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return false;
        }
    }
}
