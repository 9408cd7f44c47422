using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventArchive.BitTorrent;

/// <summary>BitTorrent by libtorrent-rasterbar in this process. Usable from <see cref="StartAsync"/> until it is stopped or disposed.</summary>
public sealed partial class LibtorrentEngine(
    IOptions<BitTorrentOptions> options,
    TimeProvider time,
    ILogger<LibtorrentEngine> log,
    IMeterFactory? meters = null
) : ITorrentEngine, IHostedService, IAsyncDisposable
{
    private readonly InfoHashGates gates = new();
    private readonly ConcurrentDictionary<InfoHash, KnownTorrent> torrents = new();
    private readonly SemaphoreSlim downloads = new(options.Value.MaxDownloads);
    private readonly CancellationTokenSource ending = new();
    private TorrentMetrics? metrics;
    private Task lookingAfter = Task.CompletedTask;
    private volatile TorrentSession? session;

    public PeerAddress? Peer { get; private set; }

    internal TorrentSession Session =>
        session ?? throw new TorrentException("The BitTorrent engine is not running: it was not started yet, or is shutting down.");

    private BitTorrentOptions Options => options.Value;

    private TorrentWatch Watch => new(() => Session, Options, time);

    /// <exception cref="TorrentException">The address cannot be listened on.</exception>
    /// <exception cref="TorrentLibraryException">The native library is missing or another version's.</exception>
    /// <exception cref="OptionsValidationException">The options cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (session is not null)
            return;
        if (Options.Faults().ToList() is { Count: > 0 } faults)
            throw new OptionsValidationException(nameof(BitTorrentOptions), typeof(BitTorrentOptions), faults);
        var opened = await Task.Run(() => TorrentSession.Open(Options), cancellationToken);
        var address = IPEndPoint.Parse(Options.Listen).Address;
        var everywhere = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        Peer =
            Options.AdvertisedPeer is { } advertised ? PeerAddress.Parse(advertised)
            : everywhere ? null
            : new PeerAddress(address, opened.Port);
        session = opened;
        metrics = new TorrentMetrics(meters, Look);
        lookingAfter = LookAfterSeeds(ending.Token);
        Listening(Options.Listen, opened.Port, Options.Discovery);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref session, null) is not { } closing)
            return;
        metrics?.Dispose();
        await ending.CancelAsync();
        await lookingAfter;
        await Task.Run(
            () =>
            {
                RecordUploads(closing.List());
                torrents.Clear();
                closing.Dispose();
            },
            CancellationToken.None
        );
        ending.Dispose();
    }

    public async Task Seed(TorrentContent torrent, CancellationToken cancellation)
    {
        var shape = Inspect(torrent);
        using var gate = await gates.Enter(torrent.InfoHash, cancellation);
        try
        {
            await Serve(torrent, shape, uploadedBytes: 0, cancellation);
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await GiveUp(torrent.InfoHash);
            throw;
        }
        // Only now: the older torrent was served while this one was being verified.
        await UnloadOthers(torrent, alsoServed: true, cancellation);
        SeedingStarted(torrent.InfoHash, torrent.CommunityId);
    }

    public async Task<byte[]> FetchMetadata(Magnetlink magnet, CancellationToken cancellation)
    {
        using var gate = await gates.Enter(magnet.InfoHash, cancellation);
        if (!Session.StartMetadata(magnet.InfoHash) && Session.Metadata(magnet.InfoHash) is { } known)
            return known;
        try
        {
            return await Watch.Metadata(magnet.InfoHash, Choose(magnet.Peers), cancellation);
        }
        finally
        {
            await GiveUp(magnet.InfoHash);
        }
    }

    public Task DownloadIndex(TorrentContent torrent, IReadOnlyList<PeerAddress> peers, CancellationToken cancellation) =>
        Fetch(torrent, peers, data: false, null, cancellation);

    public Task Download(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    ) => Fetch(torrent, peers, data: true, progress, cancellation);

    public Task Stop(InfoHash infoHash, CancellationToken cancellation) => Unload(infoHash, cancellation);

    public IReadOnlyList<TorrentStatus> List() => Look(Session);

    public IReadOnlyList<TorrentStatus> List(CommunityId community) => Look(Session, community);

    private async Task Fetch(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        bool data,
        IProgress<TorrentProgress>? progress,
        CancellationToken cancellation
    )
    {
        var shape = Inspect(torrent);
        using var gate = await gates.Enter(torrent.InfoHash, cancellation);
        await downloads.WaitAsync(cancellation);
        try
        {
            if (Session.Find(torrent.InfoHash) is { SeedOnly: true, Seeding: false })
                await Unload(torrent.InfoHash, cancellation);
            if (data)
                await UnloadOthers(torrent, alsoServed: false, cancellation);
            if (Session.Find(torrent.InfoHash) is null)
                await LoadToFetch(torrent, shape, cancellation);
            if (data)
                Session.Want(torrent.InfoHash, data: true, index: true);
            Func<LoadedTorrent, bool> done = data ? loaded => loaded.Seeding : loaded => loaded.IndexComplete;
            var loaded = await Watch.Until(torrent, Choose(peers), done, progress, cancellation);
            await Task.Run(() => Session.Flush(torrent.InfoHash), cancellation);
            if (data)
                KeepServing(torrent);
            progress?.Report(loaded.ToProgress());
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await GiveUp(torrent.InfoHash);
            throw;
        }
        finally
        {
            downloads.Release();
        }
        if (!data)
            return;
        await UnloadOthers(torrent, alsoServed: true, cancellation);
        Downloaded(torrent.InfoHash, torrent.CommunityId);
    }

    private static TorrentShape Inspect(TorrentContent torrent)
    {
        var shape = TorrentSession.Inspect(torrent.TorrentFile.Span);
        return shape.InfoHash == torrent.InfoHash
            ? shape
            : throw new TorrentException($"The .torrent of {torrent.InfoHash} is another torrent's: its info-hash is {shape.InfoHash}.");
    }

    private IReadOnlyList<PeerAddress> Choose(IReadOnlyList<PeerAddress> peers) => PeerChoice.Of(peers, Options.Discovery, Peer);

    [LoggerMessage(4001, LogLevel.Information, "BitTorrent listens on {Listen}, port {Port}; discovery is {Discovery}.")]
    private partial void Listening(string listen, int port, Discovery discovery);

    [LoggerMessage(4002, LogLevel.Information, "Torrent {InfoHash} of community {CommunityId} is verified and seeding.")]
    private partial void SeedingStarted(InfoHash infoHash, CommunityId communityId);

    [LoggerMessage(4003, LogLevel.Information, "Torrent {InfoHash} of community {CommunityId} is downloaded and seeding.")]
    private partial void Downloaded(InfoHash infoHash, CommunityId communityId);
}
