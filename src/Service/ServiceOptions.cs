using System.Net;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>
/// Everything that can be set, from appsettings.json and from environment variables with the prefix EVENTARCHIVE_
/// (<c>EVENTARCHIVE_Postgres__ConnectionString</c>). Read once at the start and checked before anything runs.
/// </summary>
public sealed record ServiceOptions
{
    public NodeOptions Node { get; init; } = new();
    public HttpOptions Http { get; init; } = new();
    public PostgresOptions Postgres { get; init; } = new();
    public DataOptions Data { get; init; } = new();
    public BusOptions Bus { get; init; } = new();
    public WorkOptions Work { get; init; } = new();
    public BitTorrentOptions BitTorrent { get; init; } = new();
    public WakuOptions Waku { get; init; } = new();

    /// <exception cref="InvalidOptionsException">A value cannot be read, or does not fit; one line for each fault.</exception>
    public static ServiceOptions Read(IConfiguration configuration, bool databaseOnly = false)
    {
        ServiceOptions options;
        try
        {
            options = configuration.Get<ServiceOptions>() ?? new ServiceOptions();
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidOptionsException([(fault.InnerException ?? fault).Message]);
        }
        string[] faults = [.. databaseOnly ? options.Postgres.Faults() : options.Faults()];
        return faults.Length == 0 ? options : throw new InvalidOptionsException(faults);
    }

    private IEnumerable<string> Faults() =>
        [
            .. Postgres.Faults(),
            .. Data.Faults(),
            .. Http.Faults(),
            .. Bus.Faults(),
            .. WorkFaults(),
            .. BitTorrent.Faults(),
            .. Waku.Faults(),
            .. string.IsNullOrWhiteSpace(Node.Name)
                ? ["Node:Name is empty: give each node of the deployment a name of its own."]
                : Array.Empty<string>(),
        ];

    private IEnumerable<string> WorkFaults()
    {
        if (
            Work.Sweep <= TimeSpan.Zero
            || Work.Lease <= TimeSpan.Zero
            || Work.FirstDelay <= TimeSpan.Zero
            || Work.ReportTimeout <= TimeSpan.Zero
        )
            yield return "Work: Sweep, Lease, FirstDelay and ReportTimeout are longer than nothing, for example 00:00:02.";
        if (Work.MaxAttempts < 1 || Work.Concurrency < 1)
            yield return "Work: MaxAttempts and Concurrency are at least 1.";
    }
}

public sealed class InvalidOptionsException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>The HTTP listener.</summary>
public sealed record HttpOptions
{
    /// <summary>Port 0 takes a free one; serve prints it.</summary>
    public string Url { get; init; } = "http://127.0.0.1:8646";

    public IEnumerable<string> Faults()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
            yield return $"Http:Url is an address like http://127.0.0.1:8646, not '{Url}'.";
        else if (!(IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address)) && url.Host != "localhost")
            yield return $"Http:Url is {Url}: the listener has no sign-in yet, so it takes loopback addresses only. Put an authenticating proxy in front.";
    }
}

/// <summary>The event store's database.</summary>
public sealed record PostgresOptions
{
    /// <summary>Npgsql's form: <c>Host=…;Database=…;Username=…;Password=…</c>.</summary>
    public string ConnectionString { get; init; } = "";

    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            yield return "Postgres:ConnectionString is empty: set EVENTARCHIVE_Postgres__ConnectionString to Host=…;Database=…;Username=…;Password=…";
    }
}

/// <summary>Where files are.</summary>
public sealed record DataOptions
{
    /// <summary>The archive tree. It must exist: a root that is gone is taken for an unmounted disk, never for an empty one.</summary>
    public string Root { get; init; } = "";

    /// <summary>The keys that encrypt the communities' private keys in the database; made if missing. Back it up apart from the database.</summary>
    public string KeyRing { get; init; } = "";

    public IEnumerable<string> Faults()
    {
        if (!Directory.Exists(Root))
            yield return $"Data:Root is '{Root}', which does not exist: create or mount it.";
        if (string.IsNullOrWhiteSpace(KeyRing))
            yield return "Data:KeyRing is empty: name a folder for the key ring, for example /var/lib/eventarchive/keys.";
    }
}
