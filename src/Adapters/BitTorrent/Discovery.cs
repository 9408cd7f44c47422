namespace EventArchive.BitTorrent;

/// <summary>Whom the engine asks for peers. The numbers are those of the native library.</summary>
public enum Discovery
{
    /// <summary>Nobody: only the peers a magnet names, and whoever connects to us.</summary>
    Off = 0,

    /// <summary>Our own trackers.</summary>
    Trackers = 1,

    /// <summary>Our own trackers, or the two public ones of status-go where we have none, the DHT, peer exchange, and ports opened by UPnP and NAT-PMP, each unless its option says no. Private addresses in magnets are passed over.</summary>
    Public = 2,
}
