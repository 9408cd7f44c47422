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
        lookingAfter = Task.WhenAll(LookAfterSeeds(SuspendFaulty, ending.Token), LookAfterSeeds(TryAgain, ending.Token));
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
        var suspended = FindSuspended(torrent.InfoHash);
        try
        {
            await Serve(torrent, shape, suspended?.Suspended?.UploadedBytes ?? 0, cancellation);
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await GiveUp(torrent.InfoHash, suspended);
            throw;
        }
        // Only now: the older torrent was served while this one was being verified.
        await UnloadOthers(torrent, alsoServed: true, cancellation);
        SeedingStarted(torrent.InfoHash, torrent.CommunityId);
    }

    public async Task<byte[]> FetchMetadata(Magnetlink magnet, CancellationToken cancellation)
    {
        using var gate = await gates.Enter(magnet.InfoHash, cancellation);
        var peers = Choose(magnet.Peers);
        var trackers = TrackerChoice.Of(magnet.Trackers, Options);
        if (!Session.StartMetadata(magnet.InfoHash, peers, trackers) && Session.Metadata(magnet.InfoHash) is { } known)
            return known;
        try
        {
            return await Watch.Metadata(magnet.InfoHash, peers, trackers, cancellation);
        }
        finally
        {
            await GiveUp(magnet.InfoHash);
        }
    }

    public async Task DownloadIndex(TorrentContent torrent, IReadOnlyList<PeerAddress> peers, CancellationToken cancellation)
    {
        var shape = Inspect(torrent);
        using var gate = await gates.Enter(torrent.InfoHash, cancellation);
        await Fetch(torrent, shape, peers, WantedPieces.Index(shape), null, cancellation);
    }

    public async Task Download(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        DataChoice choice,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    )
    {
        var shape = Inspect(torrent);
        using var gate = await gates.Enter(torrent.InfoHash, cancellation);
        await UnloadOthers(torrent, alsoServed: false, cancellation);
        var wanted = WantedPieces.Of(shape, choice);
        var loaded = await Fetch(torrent, shape, peers, wanted, progress, cancellation);
        progress.Report(wanted.Progress(loaded));
        if (!loaded.Seeding)
            return;
        KeepServing(torrent);
        await UnloadOthers(torrent, alsoServed: true, cancellation);
        Downloaded(torrent.InfoHash, torrent.CommunityId);
    }

    public Task Stop(InfoHash infoHash, CancellationToken cancellation) => Unload(infoHash, cancellation);

    public IReadOnlyList<TorrentStatus> List() => Look(Session);

    public IReadOnlyList<TorrentStatus> List(CommunityId community) => Look(Session, community);

    private async Task<LoadedTorrent> Fetch(
        TorrentContent torrent,
        TorrentShape shape,
        IReadOnlyList<PeerAddress> peers,
        WantedPieces wanted,
        IProgress<TorrentProgress>? progress,
        CancellationToken cancellation
    )
    {
        await downloads.WaitAsync(cancellation);
        try
        {
            if (Session.Find(torrent.InfoHash) is { SeedOnly: true, Seeding: false })
                await Unload(torrent.InfoHash, cancellation);
            var chosen = Choose(peers);
            IReadOnlyList<PeerAddress> asked = chosen;
            for (var turn = 0; ; turn++)
            {
                if (Session.Find(torrent.InfoHash) is null)
                    await LoadToFetch(torrent, shape, asked, cancellation);
                if (
                    await Watch.Until(torrent, asked, wanted, progress, mayTurn: turn < chosen.Count, alone: turn > 0, cancellation) is
                    { } loaded
                )
                {
                    await Task.Run(() => Session.Flush(torrent.InfoHash), cancellation);
                    return loaded;
                }
                // Whoever gave a part of a piece that came out wrong was sent away, the honest with the liar. By itself each is told from the other.
                asked = [chosen[turn]];
                await Unload(torrent.InfoHash, cancellation);
                AskedAlone(torrent.InfoHash, chosen[turn]);
            }
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

    [LoggerMessage(
        4008,
        LogLevel.Warning,
        "Pieces of torrent {InfoHash} were wrong and no peer is left that may be asked. Now {Peer} is asked alone."
    )]
    private partial void AskedAlone(InfoHash infoHash, PeerAddress peer);
}
