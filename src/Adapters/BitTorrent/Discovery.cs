namespace EventArchive.BitTorrent;

/// <summary>Whom the engine asks for peers. The numbers are those of the native library.</summary>
public enum Discovery
{
    /// <summary>Nobody: only the peers a magnet names, and whoever connects to us.</summary>
    Off = 0,

    /// <summary>Our own trackers.</summary>
    Trackers = 1,

    /// <summary>Our own trackers, the DHT and peer exchange; ports are opened by UPnP and NAT-PMP. Private addresses in magnets are passed over.</summary>
    Public = 2,
}
