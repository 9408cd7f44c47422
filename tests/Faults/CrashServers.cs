using System.Diagnostics;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Faults;
using EventArchive.Tests.MainLine;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(CrashServers))]

namespace EventArchive.Tests.Faults;

/// <summary>
/// What all lines share: one PostgreSQL, two Waku nodes, and databases made once, with the community's key and messages, that each line gets
/// a copy of. One uninterrupted run says what every other run must come to.
/// </summary>
public sealed class CrashServers : IAsyncLifetime
{
    public const int Weeks = 2;
    public const int MessagesPerWeek = 3;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-crash-");
    private PrivatePostgres postgres = null!;
    private WakuMesh waku = null!;
    private ServiceNodeSettings ownerTemplate = null!;
    private ServiceNodeSettings memberTemplate = null!;

    public SampleCommunity Community { get; } = new("crash points", MessagesPerWeek);

    /// <summary>What owner and member hold when nothing has gone wrong.</summary>
    public LineResult Uninterrupted { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var servers = PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        waku = await WakuMesh.Start((2 * CrashPoints.Rows.Count) + 1, Cancellation);
        postgres = await servers;
        ownerTemplate = await Template("owner", waku.OwnerRest);
        memberTemplate = await Template("member", waku.MemberRest);
        var file = Path.Combine(folder.FullName, "messages.json");
        await File.WriteAllTextAsync(file, Community.ToFile(0, Weeks), Cancellation);
        await Verb(ownerTemplate, ["db", "apply"], input: null);
        await Verb(ownerTemplate, ["keys", "import"], Community.PrivateKey);
        await Verb(ownerTemplate, ["messages", "record", file], input: null);
        await Verb(memberTemplate, ["db", "apply"], input: null);

        await using var line = await Prepare("uninterrupted", ownerBus: null, memberBus: null);
        Uninterrupted = await line.Run(ownerPoint: null, memberPoint: null, Cancellation);
    }

    /// <summary>A line with databases, folders and a shard of its own.</summary>
    public async Task<CrashLine> Prepare(string name, Uri? ownerBus, Uri? memberBus)
    {
        var topic = waku.NextTopic();
        var owner = await Copy(ownerTemplate, name, ownerBus);
        var member = await Copy(memberTemplate, name, memberBus);
        return new CrashLine(new Line(Community, topic.ToString(), new LineNode(owner), new LineNode(member)), topic, waku, Drop);

        async Task Drop()
        {
            foreach (var node in new[] { owner, member })
                await Run($"drop database {NameOf(node)} with (force)");
            Directory.Delete(Path.Combine(folder.FullName, name), recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (waku is not null)
            await waku.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task<ServiceNodeSettings> Template(string name, Uri node) =>
        new(
            name,
            Path.Combine(folder.FullName, "template", name),
            await postgres.CreateDatabase(Cancellation),
            node,
            More: Line.ImpatientSettings
        );

    private async Task<ServiceNodeSettings> Copy(ServiceNodeSettings template, string name, Uri? bus)
    {
        var database = $"line_{Guid.CreateVersion7():N}";
        await Run($"create database {database} template {NameOf(template)}");
        var settings = template with
        {
            Folder = Path.Combine(folder.FullName, name, template.Name),
            Database = postgres.ConnectionString(database),
            RabbitMq = bus,
            TorrentPort = FreePort.Next(),
        };
        var keys = Directory.CreateDirectory(Path.Combine(settings.Folder, "keys"));
        foreach (var key in Directory.EnumerateFiles(Directory.CreateDirectory(Path.Combine(template.Folder, "keys")).FullName))
            File.Copy(key, Path.Combine(keys.FullName, Path.GetFileName(key)));
        return settings;
    }

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection($"{postgres.ConnectionString("postgres")};Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static string NameOf(ServiceNodeSettings node) => new NpgsqlConnectionStringBuilder(node.Database).Database!;

    private static async Task Verb(ServiceNodeSettings settings, string[] arguments, string? input)
    {
        var (code, _, error) = await ServiceNode.Run(settings, arguments, input, Cancellation);
        if (code != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {code}: {error}");
    }
}
