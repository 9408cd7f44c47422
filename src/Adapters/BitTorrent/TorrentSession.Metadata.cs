using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>What a magnet leaves out: the torrent's metadata, asked of its peers.</summary>
internal sealed unsafe partial class TorrentSession
{
    /// <summary>False: a torrent of this info-hash is loaded already.</summary>
    public bool StartMetadata(InfoHash infoHash, IReadOnlyList<PeerAddress> peers, IReadOnlyList<string> trackers)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* hash = infoHash.ToBytes())
        {
            var code = Native.ea_metadata_start(
                handle,
                hash,
                string.Join('\n', peers),
                string.Join('\n', trackers),
                text,
                Native.TextBytes
            );
            return code != Native.Code.Duplicate && Succeeded(code, text);
        }
    }

    /// <summary>Null: not there yet, or not loaded.</summary>
    public byte[]? Metadata(InfoHash infoHash) => Metadata(infoHash, out _);

    /// <param name="wrong">What came was not the torrent's, and nothing else can come before it is started anew.</param>
    public byte[]? Metadata(InfoHash infoHash, out bool wrong)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* hash = infoHash.ToBytes())
        {
            var code = Native.ea_metadata_copy(handle, hash, null, 0, out var needed, text, Native.TextBytes);
            wrong = code == Native.Code.Wrong;
            if (code is Native.Code.NotYet or Native.Code.NotFound or Native.Code.Wrong)
                return null;
            var info = new byte[needed];
            fixed (byte* buffer = info)
                code = Native.ea_metadata_copy(handle, hash, buffer, needed, out _, text, Native.TextBytes);
            return Succeeded(code, text) ? info : null;
        }
    }
}
