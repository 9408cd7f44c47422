using System.Runtime.InteropServices;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>The functions of native/eventarchive_torrent.h, as they are there.</summary>
internal static unsafe partial class Native
{
    public const int AbiVersion = 5;
    public const int TextBytes = 512;

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial int ea_abi_version();

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_session_create(in SessionOptions options, out nint session, out int port, byte* text, int textBytes);

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_session_close(nint session, int timeoutMs, byte* text, int textBytes);

    [LibraryImport(NativeLibraryFile.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Code ea_session_setting(
        SessionHandle session,
        string name,
        byte* value,
        int valueBytes,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_torrent_inspect(byte* torrent, long bytes, out Shape shape, byte* text, int textBytes);

    [LibraryImport(NativeLibraryFile.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Code ea_torrent_add(
        SessionHandle session,
        byte* torrent,
        long bytes,
        string savePath,
        string dataFile,
        string indexFile,
        AddFlags flags,
        long uploadedBefore,
        string peers,
        string trackers,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_torrent_seed_only(SessionHandle session, byte* infoHash, byte* text, int textBytes);

    [LibraryImport(NativeLibraryFile.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Code ea_torrent_spot_check(
        byte* torrent,
        long bytes,
        string savePath,
        string dataFile,
        string indexFile,
        int pieces,
        ulong seed,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_torrent_want(
        SessionHandle session,
        byte* infoHash,
        byte* priorities,
        int pieces,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Code ea_torrent_connect(
        SessionHandle session,
        byte* infoHash,
        string address,
        int port,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_torrent_status(
        SessionHandle session,
        byte* infoHash,
        out Status status,
        byte* pieces,
        int piecesBytes,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Code ea_torrent_verify(
        byte* torrent,
        long bytes,
        string savePath,
        string dataFile,
        string indexFile,
        int first,
        PieceState* pieces,
        int count,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_torrent_flush(SessionHandle session, byte* infoHash, int timeoutMs, byte* text, int textBytes);

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_torrent_remove(SessionHandle session, byte* infoHash, int timeoutMs, byte* text, int textBytes);

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_session_torrents(
        SessionHandle session,
        Status* torrents,
        int capacity,
        out int count,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Code ea_metadata_start(
        SessionHandle session,
        byte* infoHash,
        string peers,
        string trackers,
        byte* text,
        int textBytes
    );

    [LibraryImport(NativeLibraryFile.Name)]
    public static partial Code ea_metadata_copy(
        SessionHandle session,
        byte* infoHash,
        byte* info,
        long infoBytes,
        out long needed,
        byte* text,
        int textBytes
    );

    public enum Code
    {
        Ok = 0,
        Error = 1,
        NotFound = 2,
        Duplicate = 3,
        Timeout = 4,
        Invalid = 5,
        TooSmall = 6,
        NotYet = 7,
        Wrong = 8,
    }

    public enum PieceState : byte
    {
        Differs = 0,
        Whole = 1,
        Unreadable = 2,
    }

    public enum State
    {
        Checking = 0,
        Metadata = 1,
        Downloading = 2,
        Finished = 3,
        Seeding = 4,
    }

    [Flags]
    public enum Flags
    {
        None = 0,
        Failed = 1,
        SeedOnly = 2,
        MetadataOnly = 4,
        HasMetadata = 8,
        Differs = 16,
    }

    [Flags]
    public enum AddFlags
    {
        None = 0,
        Seed = 1,
        Verified = 2,
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct SessionOptions
    {
        public byte* Listen;
        public byte* Trackers;
        public byte* UserAgent;
        public int Discovery;
        public int Disk;
        public int Dht;
        public int PeerExchange;
        public int PortMapping;
        public int MaxConnections;
        public int MaxTorrentConnections;
        public int MaxMetadataBytes;
        public int UploadLimit;
        public int DownloadLimit;
        public long MinFreeBytes;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Shape
    {
        public fixed byte InfoHash[20];
        public int PieceBytes;
        public int PieceCount;
        public long DataBytes;
        public long IndexBytes;
        public fixed byte TorrentName[256];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Status
    {
        public State State;
        public Flags Flags;
        public long DoneBytes;
        public long TotalBytes;
        public long IndexDoneBytes;
        public long IndexBytes;
        public long ReceivedBytes;
        public long UploadedBytes;
        public int Peers;
        public int PieceCount;
        public int CheckedPerMille;
        public int IdleSeconds;
        public int UploadRate;
        public int DownloadRate;
        public fixed byte InfoHash[20];
        public int Reserved;
        public long FailedBytes;

        public readonly InfoHash ReadInfoHash()
        {
            fixed (byte* bytes = InfoHash)
                return Model.InfoHash.FromBytes(new ReadOnlySpan<byte>(bytes, Model.InfoHash.HashBytes));
        }
    }
}
