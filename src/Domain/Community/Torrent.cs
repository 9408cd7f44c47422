using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A torrent that is complete on disk.</summary>
/// <param name="Node">The node that cut or downloaded it; null: an older release did not say.</param>
/// <param name="Peer">Where that node can be asked for it; null if it does not listen.</param>
/// <param name="Sealed">Its index is encrypted.</param>
public sealed record Torrent(
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    long DataBytes,
    string? Node,
    PeerAddress? Peer,
    bool Sealed = false
);
