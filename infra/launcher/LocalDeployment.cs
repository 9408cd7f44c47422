using EventArchive.Testing;

namespace EventArchive.Launcher;

/// <summary>An owner and a member on this machine: a private Postgres with a database each, two Waku nodes, and a broker if asked for.</summary>
public sealed class LocalDeployment : IAsyncDisposable
{
    private const string OwnerName = "owner";
    private const string MemberName = "member";

    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly string folder = Path.Combine("/var/tmp", $"eventarchive-run-{Guid.NewGuid().ToString("N")[..12]}");

    private LocalDeployment() { }

    /// <summary>Kept after a run, replaced by the next one.</summary>
    public static string LogFolder { get; } = Repository.File(".local", "run");

    public ServiceNode Owner { get; private set; } = null!;

    public ServiceNodeSettings OwnerSettings { get; private set; } = null!;

    /// <summary>Null with <c>serve</c>.</summary>
    public ServiceNode? Member { get; private set; }

    public static async Task<LocalDeployment> Start(Options options, CancellationToken cancellation)
    {
        if (Directory.Exists(LogFolder))
            Directory.Delete(LogFolder, recursive: true);
        Directory.CreateDirectory(LogFolder);
        var local = new LocalDeployment();
        try
        {
            await local.StartParts(options, cancellation);
            return local;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    public async Task ServeUntilStopped(CancellationToken cancellation)
    {
        Console.WriteLine($"owner     {Owner.Address}");
        Console.WriteLine($"postgres  {OwnerSettings.Database}");
        Console.WriteLine($"waku      {OwnerSettings.Waku}");
        if (OwnerSettings.RabbitMq is { } broker)
            Console.WriteLine($"rabbitmq  {broker}");
        Console.WriteLine($"archives  {OwnerSettings.Archives}");
        Console.WriteLine($"log       {OwnerSettings.LogFile}");
        Console.WriteLine("Stop with Ctrl+C; the data goes with it.");
        try
        {
            var code = await Owner.Exit(Timeout.InfiniteTimeSpan, cancellation);
            throw new RunFailedException($"the owner ended by itself with exit code {code}.\n{Owner.Tail}");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        if (!Directory.Exists(folder))
            return;
        foreach (var log in Directory.EnumerateFiles(folder, "service.log", SearchOption.AllDirectories))
            File.Copy(log, Path.Combine(LogFolder, $"{Path.GetFileName(Path.GetDirectoryName(log))}.log"), overwrite: true);
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartParts(Options options, CancellationToken cancellation)
    {
        var postgresStart = Keep(PrivatePostgres.Start(cancellation));
        var wakuStart = Keep(WakuDevNode.Start(peer: null, Path.Combine(LogFolder, "waku-owner.log"), cancellation));
        var brokerStart = options.RabbitMq ? Keep(PrivateRabbitMq.Start([OwnerName, MemberName], cancellation)) : null;
        await Task.WhenAll([postgresStart, wakuStart, .. brokerStart is null ? Array.Empty<Task>() : [brokerStart]]);
        var (postgres, waku) = (await postgresStart, await wakuStart);
        var broker = brokerStart is null ? null : await brokerStart;

        OwnerSettings = await Settings(OwnerName, waku);
        var owner = ServiceNode.Start(OwnerSettings, cancellation);
        if (!options.ServeOnly)
        {
            var memberWaku = await Keep(WakuDevNode.Start(waku.DialAddress, Path.Combine(LogFolder, "waku-member.log"), cancellation));
            Member = await Keep(ServiceNode.Start(await Settings(MemberName, memberWaku), cancellation));
        }
        Owner = await Keep(owner);

        async Task<ServiceNodeSettings> Settings(string name, WakuDevNode node) =>
            new(name, Path.Combine(folder, name), await postgres.CreateDatabase(cancellation), node.Rest, broker?.Uri(name))
            {
                // An owner without a member has a Waku node without peers, which still takes what it is given.
                More = new Dictionary<string, string> { ["Waku__RequireRelayPeers"] = options.ServeOnly ? "false" : "true" },
            };
    }

    private async Task<T> Keep<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var part = await starting;
        lock (parts)
            parts.Push(part);
        return part;
    }
}
