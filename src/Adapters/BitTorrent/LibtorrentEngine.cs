using System.Collections.Concurrent;
using System.Net;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventArchive.BitTorrent;

/// <summary>BitTorrent by libtorrent-rasterbar in this process. Usable from <see cref="StartAsync"/> until it is stopped or disposed.</summary>
public sealed partial class LibtorrentEngine(IOptions<BitTorrentOptions> options, TimeProvider time, ILogger<LibtorrentEngine> log)
    : ITorrentEngine,
        IHostedService,
        IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly InfoHashGates gates = new();
    private readonly ConcurrentDictionary<InfoHash, CommunityId> communities = new();
    private volatile TorrentSession? session;

    public PeerAddress? Peer { get; private set; }

    internal TorrentSession Session =>
        session ?? throw new TorrentException("The BitTorrent engine is not running: it was not started yet, or is shutting down.");

    private BitTorrentOptions Options => options.Value;

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
        Listening(Options.Listen, opened.Port, Options.Discovery);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref session, null) is not { } closing)
            return;
        communities.Clear();
        await Task.Run(closing.Dispose);
    }

    public async Task Seed(TorrentContent torrent, CancellationToken cancellation)
    {
        var shape = Inspect(torrent);
        using var gate = await gates.Enter(torrent.InfoHash, cancellation);
        try
        {
            SeedFiles.Require(torrent, shape);
            if (Session.Find(torrent.InfoHash) is { Seeding: false } or null)
            {
                await Unload(torrent.InfoHash, cancellation);
                await Load(torrent, seedOnly: true, cancellation);
            }
            var loaded = await Follow(torrent, [], loaded => !loaded.Checking, null, cancellation);
            if (!loaded.Seeding)
                throw SeedFiles.Mismatch(torrent, shape, loaded);
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await Unload(torrent.InfoHash, CancellationToken.None);
            throw;
        }
        // Only now: the older torrent was served while this one was being verified.
        await UnloadOthers(torrent, cancellation);
        SeedingStarted(torrent.InfoHash, torrent.CommunityId);
    }

    public async Task<byte[]> FetchMetadata(Magnetlink magnet, CancellationToken cancellation)
    {
        using var gate = await gates.Enter(magnet.InfoHash, cancellation);
        if (!Session.StartMetadata(magnet.InfoHash) && Session.Metadata(magnet.InfoHash) is { } known)
            return known;
        var peers = Choose(magnet.Peers);
        try
        {
            var started = time.GetTimestamp();
            var asked = TimeSpan.MinValue;
            while (time.GetElapsedTime(started) is var elapsed && elapsed < Options.MetadataTimeout)
            {
                if (Session.Metadata(magnet.InfoHash) is { } info)
                    return info;
                if (elapsed - ReportInterval >= asked)
                {
                    Connect(magnet.InfoHash, peers);
                    asked = elapsed;
                }
                await Task.Delay(PollInterval, time, cancellation);
            }
            throw new TorrentException(
                $"No peer gave the metadata of torrent {magnet.InfoHash} within {Options.MetadataTimeout.TotalSeconds:0} s. {Advice(peers)}"
            );
        }
        finally
        {
            await Unload(magnet.InfoHash, CancellationToken.None);
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

    public IReadOnlyList<TorrentStatus> List() =>
        [
            .. from infoHash in Session.List()
            let loaded = Session.Find(infoHash)
            where loaded is { MetadataOnly: false }
            select new TorrentStatus(
                infoHash,
                loaded.Seeding,
                loaded.Status.DoneBytes,
                loaded.Status.TotalBytes,
                loaded.Status.Peers,
                loaded.Status.UploadedBytes
            ),
        ];

    private async Task Fetch(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        bool data,
        IProgress<TorrentProgress>? progress,
        CancellationToken cancellation
    )
    {
        Inspect(torrent);
        using var gate = await gates.Enter(torrent.InfoHash, cancellation);
        try
        {
            if (Session.Find(torrent.InfoHash) is { SeedOnly: true, Seeding: false })
                await Unload(torrent.InfoHash, cancellation);
            if (data)
                await UnloadOthers(torrent, cancellation);
            if (Session.Find(torrent.InfoHash) is null)
                await Load(torrent, seedOnly: false, cancellation);
            if (data)
                Session.Want(torrent.InfoHash, data: true, index: true);
            Func<LoadedTorrent, bool> done = data ? loaded => loaded.Seeding : loaded => loaded.IndexComplete;
            var loaded = await Follow(torrent, Choose(peers), done, progress, cancellation);
            await Task.Run(() => Session.Flush(torrent.InfoHash), cancellation);
            progress?.Report(loaded.ToProgress());
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await Unload(torrent.InfoHash, CancellationToken.None);
            throw;
        }
        if (data)
            Downloaded(torrent.InfoHash, torrent.CommunityId);
    }

    /// <summary>Watches a torrent until it is done, offering it the peers again each second, since a connection may be refused or lost.</summary>
    private async Task<LoadedTorrent> Follow(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        Func<LoadedTorrent, bool> done,
        IProgress<TorrentProgress>? progress,
        CancellationToken cancellation
    )
    {
        var stall = new StallWatch(time, Options.StallTimeout);
        long? reported = null;
        while (true)
        {
            var loaded =
                Session.Find(torrent.InfoHash)
                ?? throw new TorrentException($"Torrent {torrent.InfoHash} was stopped before it was complete.");
            if (loaded.Error is { } error)
                throw new TorrentException(
                    $"Torrent {torrent.InfoHash} failed on the disk: {error}. Check the space and the rights below {torrent.Root}."
                );
            if (done(loaded))
                return loaded;
            if (stall.IsStalled(loaded))
                throw new TorrentException(
                    $"Nothing of torrent {torrent.InfoHash} arrived for {Options.StallTimeout.TotalSeconds:0} s: {loaded.Status.DoneBytes} of "
                        + $"{loaded.Status.TotalBytes} bytes are there, {loaded.Status.Peers} peers are connected. {Advice(peers)}"
                );
            if (reported is null || time.GetElapsedTime(reported.Value) >= ReportInterval)
            {
                Connect(torrent.InfoHash, peers);
                progress?.Report(loaded.ToProgress());
                reported = time.GetTimestamp();
            }
            await Task.Delay(PollInterval, time, cancellation);
        }
    }

    private static TorrentShape Inspect(TorrentContent torrent)
    {
        var shape = TorrentSession.Inspect(torrent.TorrentFile.Span);
        return shape.InfoHash == torrent.InfoHash
            ? shape
            : throw new TorrentException($"The .torrent of {torrent.InfoHash} is another torrent's: its info-hash is {shape.InfoHash}.");
    }

    private async Task Load(TorrentContent torrent, bool seedOnly, CancellationToken cancellation)
    {
        // A stop that runs at this moment may not have let go of it yet.
        var started = time.GetTimestamp();
        while (!Session.Add(torrent, seedOnly))
        {
            if (time.GetElapsedTime(started) > Options.CloseTimeout)
                throw new TorrentException($"Torrent {torrent.InfoHash} is still being closed.");
            await Task.Delay(PollInterval, time, cancellation);
        }
        communities[torrent.InfoHash] = torrent.CommunityId;
    }

    private async Task Unload(InfoHash infoHash, CancellationToken cancellation)
    {
        if (session is not { } open)
            return;
        communities.TryRemove(infoHash, out _);
        await Task.Run(() => open.Remove(infoHash), cancellation);
    }

    private async Task UnloadOthers(TorrentContent torrent, CancellationToken cancellation)
    {
        foreach (var (other, community) in communities)
            if (community == torrent.CommunityId && other != torrent.InfoHash)
                await Unload(other, cancellation);
    }

    private void Connect(InfoHash infoHash, IReadOnlyList<PeerAddress> peers)
    {
        foreach (var peer in peers)
            Session.Connect(infoHash, peer);
    }

    private IReadOnlyList<PeerAddress> Choose(IReadOnlyList<PeerAddress> peers) => PeerChoice.Of(peers, Options.Discovery, Peer);

    private string Advice(IReadOnlyList<PeerAddress> peers) =>
        (peers.Count, Options.Discovery) switch
        {
            (0, Discovery.Off) =>
                "Its magnet names no peer and discovery is off: add x.pe=IP:PORT to the magnet, or set BitTorrent:Discovery.",
            (0, _) => "Its magnet names no usable peer: check that the trackers answer and that somebody seeds it.",
            _ => $"Check that {string.Join(", ", peers)} can be reached from here and seeds it.",
        };

    [LoggerMessage(4001, LogLevel.Information, "BitTorrent listens on {Listen}, port {Port}; discovery is {Discovery}.")]
    private partial void Listening(string listen, int port, Discovery discovery);

    [LoggerMessage(4002, LogLevel.Information, "Torrent {InfoHash} of community {CommunityId} is verified and seeding.")]
    private partial void SeedingStarted(InfoHash infoHash, CommunityId communityId);

    [LoggerMessage(4003, LogLevel.Information, "Torrent {InfoHash} of community {CommunityId} is downloaded and seeding.")]
    private partial void Downloaded(InfoHash infoHash, CommunityId communityId);
}
