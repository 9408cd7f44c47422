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
    private readonly InfoHashGates gates = new();
    private readonly ConcurrentDictionary<InfoHash, CommunityId> communities = new();
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
            var loaded = await Watch.Until(torrent, [], loaded => !loaded.Checking, null, cancellation);
            if (!loaded.Seeding)
                throw SeedFiles.Mismatch(torrent, shape, loaded);
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await GiveUp(torrent.InfoHash);
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

    public IReadOnlyList<TorrentStatus> List() =>
        [.. Session.List().Where(loaded => !loaded.Flags.HasFlag(Native.Flags.MetadataOnly)).Select(ToStatus).OfType<TorrentStatus>()];

    /// <summary>Null: it is being unloaded.</summary>
    private TorrentStatus? ToStatus(Native.Status loaded)
    {
        var infoHash = loaded.ReadInfoHash();
        return communities.TryGetValue(infoHash, out var community)
            ? new TorrentStatus(
                infoHash,
                community,
                loaded.State == Native.State.Seeding,
                loaded.DoneBytes,
                loaded.TotalBytes,
                loaded.Peers,
                loaded.UploadedBytes,
                loaded.ReceivedBytes,
                loaded.IdleSeconds < 0 ? null : time.GetUtcNow().AddSeconds(-loaded.IdleSeconds)
            )
            : null;
    }

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
            var loaded = await Watch.Until(torrent, Choose(peers), done, progress, cancellation);
            await Task.Run(() => Session.Flush(torrent.InfoHash), cancellation);
            progress?.Report(loaded.ToProgress());
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await GiveUp(torrent.InfoHash);
            throw;
        }
        if (data)
            Downloaded(torrent.InfoHash, torrent.CommunityId);
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
        communities[torrent.InfoHash] = torrent.CommunityId;
        await Watch.Add(torrent, seedOnly, cancellation);
    }

    private async Task Unload(InfoHash infoHash, CancellationToken cancellation)
    {
        if (session is not { } open)
            return;
        communities.TryRemove(infoHash, out _);
        await Task.Run(() => open.Remove(infoHash), cancellation);
    }

    /// <summary>Unloads on the way out of a failure, which must not be hidden by a second one.</summary>
    private async Task GiveUp(InfoHash infoHash)
    {
        try
        {
            await Unload(infoHash, CancellationToken.None);
        }
        catch (Exception e) when (e is TorrentException or ObjectDisposedException)
        {
            NotUnloaded(infoHash, e.Message);
        }
    }

    private async Task UnloadOthers(TorrentContent torrent, CancellationToken cancellation)
    {
        foreach (var (other, community) in communities)
            if (community == torrent.CommunityId && other != torrent.InfoHash)
                await Unload(other, cancellation);
    }

    private IReadOnlyList<PeerAddress> Choose(IReadOnlyList<PeerAddress> peers) => PeerChoice.Of(peers, Options.Discovery, Peer);

    [LoggerMessage(4001, LogLevel.Information, "BitTorrent listens on {Listen}, port {Port}; discovery is {Discovery}.")]
    private partial void Listening(string listen, int port, Discovery discovery);

    [LoggerMessage(4002, LogLevel.Information, "Torrent {InfoHash} of community {CommunityId} is verified and seeding.")]
    private partial void SeedingStarted(InfoHash infoHash, CommunityId communityId);

    [LoggerMessage(4003, LogLevel.Information, "Torrent {InfoHash} of community {CommunityId} is downloaded and seeding.")]
    private partial void Downloaded(InfoHash infoHash, CommunityId communityId);

    [LoggerMessage(4004, LogLevel.Warning, "Torrent {InfoHash} is not wanted any more but was not closed in time: {Reason}")]
    private partial void NotUnloaded(InfoHash infoHash, string reason);
}
