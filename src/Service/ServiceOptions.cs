using System.Net;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Waku;
using Npgsql;

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
    public MessagesOptions Messages { get; init; } = new();
    public BusOptions Bus { get; init; } = new();
    public WorkOptions Work { get; init; } = new();
    public ScheduleOptions Schedule { get; init; } = new();
    public BitTorrentOptions BitTorrent { get; init; } = new();
    public WakuOptions Waku { get; init; } = new();

    /// <exception cref="InvalidOptionsException">A value cannot be read, or does not fit; one line for each fault.</exception>
    public static ServiceOptions Read(IConfiguration configuration)
    {
        Require(UnreadableSettings.Of(configuration, [.. typeof(ServiceOptions).GetProperties().Select(section => section.Name)]));
        var options = configuration.Get<ServiceOptions>() ?? new ServiceOptions();
        Require([.. options.Faults(), .. KestrelFaults(configuration)]);
        return options;
    }

    /// <summary>What a verb needs that works on the stores alone.</summary>
    /// <param name="withKeyRing">Whether private keys are kept or read.</param>
    /// <param name="withNodes">Whether it speaks of nodes: when they count as away, and where their queues are.</param>
    /// <exception cref="InvalidOptionsException">A value cannot be read, or does not fit; one line for each fault.</exception>
    public static ServiceOptions ReadStores(IConfiguration configuration, bool withKeyRing, bool withNodes = false)
    {
        string[] nodes = withNodes ? [nameof(Node), nameof(Bus)] : [];
        Require(UnreadableSettings.Of(configuration, [nameof(Postgres), nameof(Data), .. nodes]));
        var options = new ServiceOptions
        {
            Postgres = configuration.GetSection(nameof(Postgres)).Get<PostgresOptions>() ?? new(),
            Data = configuration.GetSection(nameof(Data)).Get<DataOptions>() ?? new(),
            Node = (withNodes ? configuration.GetSection(nameof(Node)).Get<NodeOptions>() : null) ?? new(),
            Bus = (withNodes ? configuration.GetSection(nameof(Bus)).Get<BusOptions>() : null) ?? new(),
        };
        Require([
            .. options.Postgres.Faults(),
            .. withKeyRing ? options.Data.KeyRingFaults() : [],
            .. withNodes ? options.Node.Faults().Concat(options.Bus.Faults()) : [],
        ]);
        return options;
    }

    private static void Require(IEnumerable<string> faults)
    {
        if (faults.ToList() is { Count: > 0 } found)
            throw new InvalidOptionsException(found);
    }

    /// <summary>A second way to name listeners would go round what holds for Http:Url.</summary>
    private static IEnumerable<string> KestrelFaults(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").Exists()
            ? ["Kestrel:Endpoints is set: the one address to listen on is Http:Url."]
            : [];

    private IEnumerable<string> Faults() =>
        [
            .. Postgres.Faults(),
            .. Data.Faults(),
            .. Messages.Faults(),
            .. Http.Faults(),
            .. Bus.Faults(),
            .. WorkFaults(),
            .. Schedule.Faults(),
            .. BitTorrent.Faults(),
            .. Waku.Faults(),
            .. Node.Faults(),
            .. Bus.Transport == BusTransport.InMemory && Node.Roles != NodeRoles.All
                ? ["Node:Roles leaves some out, but Bus:Transport is InMemory, which no other node can share: set it to RabbitMq."]
                : Array.Empty<string>(),
            // What somebody asked for must find a place beside what a seeder copies by itself.
            .. BitTorrent.MaxDownloads <= Node.SeedConcurrency
                ?
                [
                    $"BitTorrent:MaxDownloads is {BitTorrent.MaxDownloads} and Node:SeedConcurrency {Node.SeedConcurrency}: "
                        + "the first must be greater, so that a download that is asked for finds a place.",
                ]
                : Array.Empty<string>(),
        ];

    private IEnumerable<string> WorkFaults()
    {
        if (
            Work.Sweep <= TimeSpan.Zero
            || Work.Lease <= TimeSpan.Zero
            || Work.FirstDelay <= TimeSpan.Zero
            || Work.RootDelay <= TimeSpan.Zero
            || Work.ReportTimeout <= TimeSpan.Zero
        )
            yield return "Work: Sweep, Lease, FirstDelay, RootDelay and ReportTimeout are longer than nothing, for example 00:00:02.";
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

    /// <summary>True: everything but /health/live asks for an API key. Keys of communities are spoken of with an API key alone, in any case.</summary>
    public bool RequireApiKey { get; init; }

    public IEnumerable<string> Faults()
    {
        // Whatever stands behind the port, a second address too, would be handed to the listener as well.
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            yield return "Http:Url is an address like http://127.0.0.1:8646, without a path.";
        else if (url.UserInfo.Length > 0)
            yield return "Http:Url holds a user name: leave it out, callers sign in with an API key.";
        else if (
            !RequireApiKey
            && !(IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address))
            && url.Host != "localhost"
        )
            yield return $"Http:Url is {Url}: without sign-in the listener takes loopback addresses only. Set Http:RequireApiKey to true and make a "
                + "key with eventarchive apikeys create, or set it to http://127.0.0.1:PORT and put an authenticating proxy in front.";
    }
}

/// <summary>The event store's database.</summary>
public sealed record PostgresOptions
{
    private const string Form = "Host=…;Database=…;Username=…;Password=…";

    /// <summary>In Npgsql's form.</summary>
    public string ConnectionString { get; init; } = "";

    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            yield return $"Postgres:ConnectionString is empty: set EVENTARCHIVE_Postgres__ConnectionString to {Form}.";
        else if (!IsReadable())
            yield return $"Postgres:ConnectionString cannot be read, or names no Host: its form is {Form}.";
    }

    // What is wrong with it is not repeated: it holds a password.
    private bool IsReadable()
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(ConnectionString).Host);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}

/// <summary>Where files are.</summary>
public sealed record DataOptions
{
    /// <summary>The archive tree. It must exist: a root that is gone is taken for an unmounted disk, never for an empty one.</summary>
    public string Root { get; init; } = "";

    /// <summary>
    /// The keys that encrypt the communities' private keys in the database: a folder, made if missing, to be backed up apart from the database; or
    /// the word <see cref="InPostgres"/> for the database itself, where all nodes share it. That needs a certificate.
    /// </summary>
    public string KeyRing { get; init; } = "";

    /// <summary>A PEM or PFX file with a certificate and its RSA key, which encrypts the key ring; made by an operator and the same on all nodes.</summary>
    public string KeyRingCertificate { get; init; } = "";

    /// <summary>Of the PFX file or of the encrypted PEM key; empty: it has none.</summary>
    public string KeyRingCertificatePassword { get; init; } = "";

    public const string InPostgres = "Postgres";

    public bool KeyRingInPostgres => string.Equals(KeyRing, InPostgres, StringComparison.OrdinalIgnoreCase);

    public IEnumerable<string> Faults()
    {
        if (!Directory.Exists(Root))
            yield return $"Data:Root is '{Root}', which does not exist: create or mount it.";
        foreach (var fault in KeyRingFaults())
            yield return fault;
    }

    public IEnumerable<string> KeyRingFaults()
    {
        if (string.IsNullOrWhiteSpace(KeyRing))
            yield return "Data:KeyRing is empty: name a folder for the key ring, for example /var/lib/eventarchive/keys, or Postgres.";
        if (KeyRingInPostgres && KeyRingCertificate.Length == 0)
            yield return "Data:KeyRing is Postgres, and Data:KeyRingCertificate is empty: whoever has the database would have every key. Name a "
                + "PEM or PFX file with a certificate and its RSA key.";
        if (KeyRingCertificate.Length > 0 && !File.Exists(KeyRingCertificate))
            yield return $"Data:KeyRingCertificate is '{KeyRingCertificate}', which does not exist.";
    }
}

/// <summary>The recorded messages.</summary>
public sealed record MessagesOptions
{
    /// <summary>A century: whoever wants more leaves the setting out.</summary>
    private const int MaxRetentionDays = 36_525;

    /// <summary>Days for which they are kept; whole months go, and none before a cut has taken it. Null: for ever.</summary>
    public int? RetentionDays { get; init; }

    public IEnumerable<string> Faults()
    {
        if (RetentionDays is < 1 or > MaxRetentionDays)
            yield return $"Messages:RetentionDays is {RetentionDays}: give 1 to {MaxRetentionDays} days, or leave it out to keep messages for ever.";
    }
}
