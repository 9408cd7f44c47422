using EventArchive.Handlers;

namespace EventArchive.BitTorrent;

/// <summary>A torrent that this engine was given and has not been told to stop. Changed only inside its info-hash's gate.</summary>
internal sealed class KnownTorrent(TorrentContent content, TorrentShape shape, long uploadedBytes)
{
    /// <summary>Without the bytes of the .torrent, which the session holds too, and what only a fetch asks: thousands of torrents are known.</summary>
    public TorrentContent Content { get; } = content with { TorrentFile = default, MagnetTrackers = [] };

    public TorrentShape Shape { get; } = shape;

    public long TotalBytes => Shape.DataBytes + Shape.IndexBytes;

    /// <summary>Its files were verified whole, and it is to be served from them.</summary>
    public bool Serving { get; set; }

    /// <summary>As in the record on disk.</summary>
    public long RecordedUpload { get; set; } = uploadedBytes;

    /// <summary>Set while it is not served although it should be, also while that is tried again.</summary>
    public Suspension? Suspended { get; set; }
}

/// <summary>Why a torrent is not served for now.</summary>
/// <param name="TorrentFile">What loads it again.</param>
/// <param name="Seen">Its files when it was taken out; null: they were not there.</param>
/// <param name="Damaged">The files could be read and are not the torrent's, so only other files are worth a try.</param>
/// <param name="Since">The time stamp of the last try, or of when it was taken out.</param>
/// <param name="Pause">How long after that the same files are tried again, unless they are damaged.</param>
internal sealed record Suspension(
    string Reason,
    ReadOnlyMemory<byte> TorrentFile,
    SeedRecord? Seen,
    bool Damaged,
    long UploadedBytes,
    long Since,
    TimeSpan Pause
);
