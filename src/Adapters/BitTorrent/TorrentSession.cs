using System.Runtime.InteropServices;
using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>The native session with .NET types. Every failure is a <see cref="TorrentException"/>; a torrent that is not loaded is a false or a null.</summary>
internal sealed unsafe partial class TorrentSession : IDisposable
{
    private readonly SessionHandle handle;
    private readonly int closeMs;

    private TorrentSession(SessionHandle handle, int port, TimeSpan closeTimeout)
    {
        this.handle = handle;
        Port = port;
        closeMs = (int)closeTimeout.TotalMilliseconds;
    }

    public int Port { get; }

    /// <summary>Returns when the session listens.</summary>
    public static TorrentSession Open(BitTorrentOptions options)
    {
        NativeLibraryFile.Require();
        var trackers = string.Join('\n', options.ToAnnounceTo());
        var text = stackalloc byte[Native.TextBytes];
        fixed (
            byte* listen = Utf8(options.Listen),
                lines = Utf8(trackers),
                agent = Utf8(UserAgent)
        )
        {
            var native = new Native.SessionOptions
            {
                Listen = listen,
                Trackers = lines,
                UserAgent = agent,
                Discovery = (int)options.Discovery,
                Dht = options.Dht ? 1 : 0,
                PeerExchange = options.PeerExchange ? 1 : 0,
                PortMapping = options.PortMapping ? 1 : 0,
                MaxConnections = options.MaxConnections,
                MaxTorrentConnections = options.MaxTorrentConnections,
                MaxMetadataBytes = options.MaxMetadataBytes,
                UploadLimit = options.UploadBytesPerSecond,
                DownloadLimit = options.DownloadBytesPerSecond,
                MinFreeBytes = options.MinFreeBytes,
            };
            if (Native.ea_session_create(native, out var session, out var port, text, Native.TextBytes) != Native.Code.Ok)
                throw new TorrentException(
                    $"BitTorrent cannot listen on {options.Listen}: {Read(text)}. Choose another BitTorrent:Listen."
                );
            return new TorrentSession(new SessionHandle(session, options.CloseTimeout), port, options.CloseTimeout);
        }
    }

    public static TorrentShape Inspect(ReadOnlySpan<byte> torrent)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* bytes = torrent)
        {
            if (Native.ea_torrent_inspect(bytes, torrent.Length, out var shape, text, Native.TextBytes) != Native.Code.Ok)
                throw new TorrentException($"This is not an archive torrent: {Read(text)}.");
            return new TorrentShape(
                InfoHash.FromBytes(new ReadOnlySpan<byte>(shape.InfoHash, InfoHash.HashBytes)),
                Read(shape.TorrentName),
                shape.PieceBytes,
                shape.PieceCount,
                shape.DataBytes,
                shape.IndexBytes
            );
        }
    }

    /// <summary>False: it is loaded already.</summary>
    /// <param name="uploadedBefore">What earlier sessions sent of it.</param>
    /// <param name="peers">Called at once; those of <see cref="Connect"/> within a second.</param>
    /// <param name="trackers">Asked besides our own.</param>
    public bool Add(
        TorrentContent torrent,
        Native.AddFlags how,
        long uploadedBefore,
        IReadOnlyList<PeerAddress> peers,
        IReadOnlyList<string> trackers
    )
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* bytes = torrent.TorrentFile.Span)
        {
            var code = Native.ea_torrent_add(
                handle,
                bytes,
                torrent.TorrentFile.Length,
                torrent.Root,
                torrent.DataFile,
                torrent.IndexFile,
                how,
                uploadedBefore,
                string.Join('\n', peers),
                string.Join('\n', trackers),
                text,
                Native.TextBytes
            );
            return code != Native.Code.Duplicate && Succeeded(code, text);
        }
    }

    /// <summary>False: a piece differs from the torrent, or cannot be read.</summary>
    public static bool SpotCheck(TorrentContent torrent, int pieces, ulong seed)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* bytes = torrent.TorrentFile.Span)
        {
            var code = Native.ea_torrent_spot_check(
                bytes,
                torrent.TorrentFile.Length,
                torrent.Root,
                torrent.DataFile,
                torrent.IndexFile,
                pieces,
                seed,
                text,
                Native.TextBytes
            );
            return code == Native.Code.Ok;
        }
    }

    /// <summary>Hashes pieces of files on disk from the first on, whoever reads them meanwhile.</summary>
    public static void Verify(TorrentContent torrent, int first, Span<Native.PieceState> pieces)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* bytes = torrent.TorrentFile.Span)
        fixed (Native.PieceState* states = pieces)
        {
            var code = Native.ea_torrent_verify(
                bytes,
                torrent.TorrentFile.Length,
                torrent.Root,
                torrent.DataFile,
                torrent.IndexFile,
                first,
                states,
                pieces.Length,
                text,
                Native.TextBytes
            );
            Succeeded(code, text);
        }
    }

    /// <summary>From now on it never downloads.</summary>
    public bool SeedOnly(InfoHash infoHash)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* hash = infoHash.ToBytes())
            return Succeeded(Native.ea_torrent_seed_only(handle, hash, text, Native.TextBytes), text);
    }

    /// <param name="priorities">Of each piece; 0: it is not wanted, 7: it comes first.</param>
    public bool Want(InfoHash infoHash, byte[] priorities)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (
            byte* hash = infoHash.ToBytes(),
                first = priorities
        )
            return Succeeded(Native.ea_torrent_want(handle, hash, first, priorities.Length, text, Native.TextBytes), text);
    }

    public bool Connect(InfoHash infoHash, PeerAddress peer)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* hash = infoHash.ToBytes())
            return Succeeded(Native.ea_torrent_connect(handle, hash, peer.Address.ToString(), peer.Port, text, Native.TextBytes), text);
    }

    /// <summary>Null: not loaded.</summary>
    public LoadedTorrent? Find(InfoHash infoHash)
    {
        var text = stackalloc byte[Native.TextBytes];
        var pieces = Array.Empty<byte>();
        fixed (byte* hash = infoHash.ToBytes())
        {
            var code = Native.ea_torrent_status(handle, hash, out var status, null, 0, text, Native.TextBytes);
            if (code == Native.Code.Ok && status.PieceCount > 0)
            {
                pieces = new byte[status.PieceCount];
                fixed (byte* flags = pieces)
                    code = Native.ea_torrent_status(handle, hash, out status, flags, pieces.Length, text, Native.TextBytes);
            }
            if (!Succeeded(code, text))
                return null;
            var failed = status.Flags.HasFlag(Native.Flags.Failed);
            return new LoadedTorrent(status, Array.ConvertAll(pieces, piece => piece != 0), failed ? Read(text) : null);
        }
    }

    /// <summary>Blocks until everything received is written.</summary>
    public bool Flush(InfoHash infoHash)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* hash = infoHash.ToBytes())
            return Succeeded(Native.ea_torrent_flush(handle, hash, closeMs, text, Native.TextBytes), text);
    }

    /// <summary>Blocks until the files are closed.</summary>
    public bool Remove(InfoHash infoHash)
    {
        var text = stackalloc byte[Native.TextBytes];
        fixed (byte* hash = infoHash.ToBytes())
            return Succeeded(Native.ea_torrent_remove(handle, hash, closeMs, text, Native.TextBytes), text);
    }

    /// <summary>All torrents at one moment, without their pieces.</summary>
    public IReadOnlyList<Native.Status> List()
    {
        var text = stackalloc byte[Native.TextBytes];
        var torrents = new Native.Status[64];
        while (true)
        {
            int count;
            fixed (Native.Status* buffer = torrents)
                Succeeded(Native.ea_session_torrents(handle, buffer, torrents.Length, out count, text, Native.TextBytes), text);
            if (count <= torrents.Length)
                return torrents[..count];
            torrents = new Native.Status[count + 64];
        }
    }

    /// <summary>A setting as libtorrent holds it.</summary>
    public string Setting(string name)
    {
        var text = stackalloc byte[Native.TextBytes];
        var value = stackalloc byte[Native.TextBytes];
        Succeeded(Native.ea_session_setting(handle, name, value, Native.TextBytes, text, Native.TextBytes), text);
        return Read(value);
    }

    public void Dispose() => handle.Dispose();

    private const string UserAgent = "EventArchive/0.1";

    private static bool Succeeded(Native.Code code, byte* text) =>
        code switch
        {
            Native.Code.Ok => true,
            Native.Code.NotFound => false,
            _ => throw new TorrentException($"BitTorrent: {Read(text)}."),
        };

    private static string Read(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
