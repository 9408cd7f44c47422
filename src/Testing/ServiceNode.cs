using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventArchive.Testing;

/// <summary>What a node of the service is started with.</summary>
/// <param name="Folder">Holds the archives, the key ring and the log; made if missing.</param>
/// <param name="Database">An Npgsql connection string.</param>
/// <param name="RabbitMq">amqp://…/vhost; null: the in-memory bus.</param>
/// <param name="More">Further settings, <c>Work__Sweep</c> and the like.</param>
public sealed record ServiceNodeSettings(
    string Name,
    string Folder,
    string Database,
    Uri Waku,
    Uri? RabbitMq = null,
    IReadOnlyDictionary<string, string>? More = null
)
{
    /// <summary>Where peers find the node; the same after a restart, since announced magnets name it.</summary>
    public int TorrentPort { get; init; } = FreePort.Next();

    /// <summary>Variables of the process that are no settings.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public string LogFile => Path.Combine(Folder, "service.log");

    public string Archives => Path.Combine(Folder, "archives");
}

/// <summary>An event as GET /events gives it.</summary>
public sealed record ServiceEvent(long Seq, Guid Id, string Stream, long Version, string Type, DateTimeOffset At, JsonElement Data);

/// <summary>What became of a command. A code and a reason: it was refused.</summary>
public sealed record ServiceOutcome(Guid MessageId, string Command, IReadOnlyList<Guid> EventIds, ServiceRefusal? Refusal);

public sealed record ServiceRefusal(string Code, string Reason);

/// <summary>A process of the service, spoken to over HTTP. It ends with this process.</summary>
public sealed class ServiceNode : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ServerProcess process;
    private readonly HttpClient http;

    private ServiceNode(ServerProcess process, Uri address)
    {
        this.process = process;
        Address = address;
        http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The built service.</summary>
    public static string Program { get; } =
        Repository.File("src", "Service", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "eventarchive.dll");

    public Uri Address { get; }

    public int ProcessId => process.Id;

    public bool HasExited => process.HasExited;

    public string Tail => process.Tail;

    /// <summary>Starts the service and waits until it says that it is ready.</summary>
    /// <exception cref="ServerFailedException">It ended first; with the end of its log.</exception>
    public static async Task<ServiceNode> Start(ServiceNodeSettings settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(settings.Archives);
        var start = new ProcessStartInfo("dotnet", [Program, "serve", "--exit-with-parent"]) { WorkingDirectory = settings.Folder };
        foreach (var (name, value) in Environment(settings))
            start.Environment[name] = value;
        var started = ServerProcess.Start(start, settings.LogFile);
        try
        {
            var line = await started.Line(text => text.StartsWith("{\"http\""), StartLimit, cancellation);
            return new ServiceNode(started, new Uri(JsonDocument.Parse(line).RootElement.GetProperty("http").GetString()!));
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one verb of the command line with the node's settings; <paramref name="input"/> goes to its standard input.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> Run(
        ServiceNodeSettings? settings,
        IEnumerable<string> arguments,
        string? input,
        CancellationToken cancellation
    )
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (settings is not null)
        {
            Directory.CreateDirectory(settings.Archives);
            foreach (var (name, value) in Environment(settings))
                start.Environment[name] = value;
        }
        using var run = ChildProcess.Start(start);
        await run.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        run.StandardInput.Close();
        var (output, error) = (run.StandardOutput.ReadToEndAsync(cancellation), run.StandardError.ReadToEndAsync(cancellation));
        await run.WaitForExitAsync(cancellation);
        return (run.ExitCode, await output, await error);
    }

    /// <summary>Has the node handle a command; returns the message id under which its outcome is stored.</summary>
    /// <exception cref="HttpRequestException">It was refused at the door; the message says why.</exception>
    public async Task<Guid> Send(string command, object body, CancellationToken cancellation, Guid? messageId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"commands/{command}") { Content = JsonContent.Create(body) };
        if (messageId is not null)
            request.Headers.Add("Idempotency-Key", messageId.ToString());
        using var response = await http.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(answer, null, response.StatusCode);
        return JsonDocument.Parse(answer).RootElement.GetProperty("messageId").GetGuid();
    }

    /// <summary>Waits until the command was handled.</summary>
    public async Task<ServiceOutcome> Outcome(Guid messageId, TimeSpan limit, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limit);
        while (true)
        {
            if (await FindOutcome(messageId, limited.Token) is { } outcome)
                return outcome;
            await Task.Delay(Poll, limited.Token);
        }
    }

    /// <summary>Null: the command has not been handled yet.</summary>
    public async Task<ServiceOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation)
    {
        using var response = await http.GetAsync($"commands/{messageId}", cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<ServiceOutcome>(cancellation);
    }

    public async Task<IReadOnlyList<ServiceEvent>> Events(long after, CancellationToken cancellation) =>
        await http.GetFromJsonAsync<ServiceEvent[]>($"events?after={after}&limit=1000", cancellation) ?? [];

    public Task<JsonElement> Community(string id, CancellationToken cancellation) =>
        http.GetFromJsonAsync<JsonElement>($"communities/{id}", cancellation);

    public Task<HttpResponseMessage> Get(string path, CancellationToken cancellation) => http.GetAsync(path, cancellation);

    /// <summary>Waits for the end of the process, as after a crash point.</summary>
    public Task<int> Exit(TimeSpan limit, CancellationToken cancellation) => process.Exit(limit, cancellation);

    /// <summary>An orderly stop.</summary>
    public async Task<int> Stop(CancellationToken cancellation)
    {
        process.CloseInput();
        return await process.Exit(StopLimit, cancellation);
    }

    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    /// <summary>The settings as the environment variables of a process.</summary>
    public static IEnumerable<(string Name, string Value)> Environment(ServiceNodeSettings settings)
    {
        yield return ("EVENTARCHIVE_Node__Name", settings.Name);
        yield return ("EVENTARCHIVE_Http__Url", "http://127.0.0.1:0");
        yield return ("EVENTARCHIVE_Postgres__ConnectionString", settings.Database);
        yield return ("EVENTARCHIVE_Data__Root", settings.Archives);
        yield return ("EVENTARCHIVE_Data__KeyRing", Path.Combine(settings.Folder, "keys"));
        yield return ("EVENTARCHIVE_BitTorrent__Listen", $"127.0.0.1:{settings.TorrentPort}");
        yield return ("EVENTARCHIVE_BitTorrent__Discovery", "Off");
        yield return ("EVENTARCHIVE_Waku__Node", settings.Waku.ToString());
        yield return ("EVENTARCHIVE_Bus__Transport", settings.RabbitMq is null ? "InMemory" : "RabbitMq");
        yield return ("EVENTARCHIVE_Bus__Uri", settings.RabbitMq?.ToString() ?? "");
        // Messages of tests are old: what is cut, and when, is for the test to say.
        yield return ("EVENTARCHIVE_Schedule__CutEvery", "00:00:00");
        foreach (var (name, value) in settings.More ?? new Dictionary<string, string>())
            yield return ($"EVENTARCHIVE_{name}", value);
        foreach (var (name, value) in settings.Variables)
            yield return (name, value);
    }
}
