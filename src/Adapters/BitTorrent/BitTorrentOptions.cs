using System.Net;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>How this node takes part in BitTorrent. Sizes in bytes.</summary>
public sealed record BitTorrentOptions
{
    /// <summary>IP:port to listen on. Port 0 lets the system choose a free one. On a loopback address nothing is sent off the machine either.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    public Discovery Discovery { get; init; } = Discovery.Off;

    /// <summary>
    /// The deployment's own trackers, also named in its torrents and magnets. None: with <see cref="Discovery.Public"/> those of
    /// <see cref="PublicTrackers"/>. Those of a foreign .torrent are never asked, those of a magnet as <see cref="MaxMagnetTrackers"/> says.
    /// </summary>
    public IReadOnlyList<Uri> Trackers { get; init; } = [];

    /// <summary>
    /// How many of a magnet's trackers are asked besides our own while its torrent is fetched; only with <see cref="Discovery.Public"/>. Whoever
    /// made the magnet then learns of this node's address.
    /// </summary>
    public int MaxMagnetTrackers { get; init; }

    /// <summary>IP:port under which others reach this node; null: what it listens on, where that is one address.</summary>
    public string? AdvertisedPeer { get; init; }

    /// <summary>Whether the DHT is asked; only with <see cref="Discovery.Public"/>.</summary>
    public bool Dht { get; init; } = true;

    /// <summary>Whether peers tell each other of peers; only with <see cref="Discovery.Public"/>.</summary>
    public bool PeerExchange { get; init; } = true;

    /// <summary>Whether the router is asked to open the port (UPnP, NAT-PMP); only with <see cref="Discovery.Public"/>.</summary>
    public bool PortMapping { get; init; } = true;

    public int MaxConnections { get; init; } = 500;

    /// <summary>A crowd around one torrent must leave room for those who want another.</summary>
    public int MaxTorrentConnections { get; init; } = 50;

    /// <summary>Over all torrents, peers of the local network included; 0: no limit.</summary>
    public int UploadBytesPerSecond { get; init; }

    /// <summary>Over all torrents, peers of the local network included; 0: no limit.</summary>
    public int DownloadBytesPerSecond { get; init; }

    /// <summary>A download fails, and goes on when it is tried again, where the disk has less left than this.</summary>
    public long MinFreeBytes { get; init; } = 500_000_000;

    /// <summary>The largest info dictionary taken from a peer: 2,097,152 pieces and their names fit.</summary>
    public int MaxMetadataBytes { get; init; } = MaxMetadata;

    /// <summary>How long one try for the info dictionary of a magnet lasts.</summary>
    public TimeSpan MetadataTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a download may stand still before it counts as failed.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the peers of a download are offered to the engine again: one may be lost, or come later.</summary>
    public TimeSpan ReconnectInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Downloads that run at the same time; others wait for their turn, in the order they came. More than a seeder fetches at a time
    /// (Node:SeedConcurrency), so that what is asked for finds a place.
    /// </summary>
    public int MaxDownloads { get; init; } = 8;

    /// <summary>How often the files of seeded torrents are looked for, so that a disk that went away or came back is noticed.</summary>
    public TimeSpan DiskCheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pieces hashed, besides the last of each file, before files of known size and time are seeded without hashing them all.</summary>
    public int SpotCheckedPieces { get; init; } = 4;

    /// <summary>How long closing files, flushing and ending the session may take each.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>48 MB: what the port promises as the limit.</summary>
    public const int MaxMetadata = 48_000_000;

    /// <summary>The trackers that are announced to.</summary>
    public IReadOnlyList<string> ToAnnounceTo() =>
        Discovery switch
        {
            Discovery.Off => [],
            Discovery.Public when Trackers.Count == 0 => PublicTrackers.List,
            _ => [.. Trackers.Select(tracker => tracker.AbsoluteUri)],
        };

    /// <summary>What is wrong with these options, a sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (!IPEndPoint.TryParse(Listen, out _) || !Listen.Contains(':', StringComparison.Ordinal))
            yield return $"BitTorrent:Listen is IP:port, for example 127.0.0.1:0 or 0.0.0.0:6881, not '{Listen}'.";
        if (AdvertisedPeer is not null && !PeerAddress.TryParse(AdvertisedPeer, null, out _))
            yield return $"BitTorrent:AdvertisedPeer is IP:port, for example 203.0.113.7:6881, not '{AdvertisedPeer}'.";
        if (Discovery == Discovery.Trackers && Trackers.Count == 0)
            yield return "BitTorrent:Discovery is Trackers, but BitTorrent:Trackers names none.";
        foreach (var tracker in Trackers.Where(tracker => !tracker.IsAbsoluteUri || tracker.Scheme is not ("http" or "https" or "udp")))
            yield return $"BitTorrent:Trackers holds '{tracker}': a tracker is an http, https or udp address.";
        if (
            MetadataTimeout <= TimeSpan.Zero
            || StallTimeout <= TimeSpan.Zero
            || CloseTimeout <= TimeSpan.Zero
            || DiskCheckInterval <= TimeSpan.Zero
            || ReconnectInterval <= TimeSpan.Zero
        )
            yield return "BitTorrent: MetadataTimeout, StallTimeout, CloseTimeout, DiskCheckInterval and ReconnectInterval are longer than nothing.";
        if (MaxDownloads is < 1 or > 1000)
            yield return "BitTorrent:MaxDownloads is 1 to 1,000.";
        if (SpotCheckedPieces is < 0 or > 1000)
            yield return "BitTorrent:SpotCheckedPieces is 0 to 1,000.";
        if (MaxConnections is < 1 or > 10_000)
            yield return "BitTorrent:MaxConnections is 1 to 10,000.";
        if (MaxTorrentConnections is < 2 or > 10_000)
            yield return "BitTorrent:MaxTorrentConnections is 2 to 10,000.";
        if (MaxMagnetTrackers is < 0 or > 8)
            yield return "BitTorrent:MaxMagnetTrackers is 0 to 8.";
        if (UploadBytesPerSecond < 0 || DownloadBytesPerSecond < 0 || MinFreeBytes < 0)
            yield return "BitTorrent: UploadBytesPerSecond, DownloadBytesPerSecond and MinFreeBytes are 0 or more.";
        if (MaxMetadataBytes is < 1024 or > MaxMetadata)
            yield return $"BitTorrent:MaxMetadataBytes is 1,024 to {MaxMetadata}.";
    }
}
