using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// The .torrent of a community's archives (BEP 3, version 1 only): the files <c>data</c> and <c>index</c> in a folder named like the community.
/// It exists only as one that <see cref="TorrentGuard"/> let pass.
/// </summary>
public sealed record TorrentFile
{
    /// <summary>Room for all that stands beside the piece hashes, so that megabytes of these are not copied while a buffer grows.</summary>
    internal const int HeadBytes = 4096;

    internal TorrentFile(CommunityId community, ReadOnlyMemory<byte> info, long dataBytes, long indexBytes, ReadOnlyMemory<byte> pieces)
    {
        (CommunityId, Info, DataBytes, IndexBytes, Pieces) = (community, info, dataBytes, indexBytes, pieces);
        Span<byte> hash = stackalloc byte[InfoHash.HashBytes];
        Sha1(info.Span, hash);
        InfoHash = InfoHash.FromBytes(hash);
    }

    public CommunityId CommunityId { get; }

    public InfoHash InfoHash { get; }

    /// <summary>The bencoded info dictionary, byte for byte: its SHA-1 is the info-hash.</summary>
    public ReadOnlyMemory<byte> Info { get; }

    /// <summary>Length of <c>data</c>: a multiple of the piece length.</summary>
    public long DataBytes { get; }

    public long IndexBytes { get; }

    /// <summary>The SHA-1 of each piece, 20 bytes each; those of <c>data</c> come first.</summary>
    public ReadOnlyMemory<byte> Pieces { get; }

    /// <summary>Each is a tier of its own.</summary>
    public IReadOnlyList<string> Trackers { get; init; } = [];

    public string? CreatedBy { get; init; }

    /// <summary>Unix seconds; null leaves it out, so that the same cut gives the same file.</summary>
    public long? CreationDate { get; init; }

    public ReadOnlyMemory<byte> DataPieces => Pieces[..(int)(DataBytes / ArchiveFormat.PieceBytes * ArchiveFormat.PieceHashBytes)];

    public ReadOnlyMemory<byte> IndexPieces => Pieces[DataPieces.Length..];

    /// <summary>Without peers, as status-go writes it.</summary>
    public Magnetlink Magnetlink => Magnetlink.Of(InfoHash, CommunityId, Trackers);

    /// <summary>A new torrent over files whose piece hashes are known.</summary>
    /// <exception cref="RejectedTorrentException">The lengths break a rule that every reader checks.</exception>
    public static TorrentFile Make(CommunityId community, long dataBytes, long indexBytes, ReadOnlySpan<byte> pieces)
    {
        var info = new BencodeWriter(pieces.Length + HeadBytes).BeginDictionary().Text("files").BeginList();
        foreach (var (name, length) in new[] { ("data", dataBytes), ("index", indexBytes) })
            info.BeginDictionary().Text("length").Integer(length).Text("path").BeginList().Text(name).End().End();
        info.End().Text("name").Text(community.ToString());
        info.Text("piece length").Integer(ArchiveFormat.PieceBytes).Text("pieces").Bytes(pieces).End();
        return OfInfo(info.ToMemory(), community, []);
    }

    /// <summary>Wraps a bare info dictionary, as peers hand it over (BEP 9); its bytes stay as they are.</summary>
    /// <exception cref="RejectedTorrentException">It is not an archive torrent of this community.</exception>
    public static TorrentFile OfInfo(ReadOnlyMemory<byte> info, CommunityId community, IReadOnlyList<string> trackers) =>
        TorrentGuard.ReadInfo(info, community) with
        {
            Trackers = trackers,
        };

    /// <param name="community">Whose torrent it must be; null: whoever it names.</param>
    /// <exception cref="RejectedTorrentException">It is not an archive torrent, or not this community's.</exception>
    public static TorrentFile Read(ReadOnlyMemory<byte> torrentFile, CommunityId? community = null) =>
        TorrentGuard.ReadFile(torrentFile, community);

    /// <summary>The file's bytes, in status-go's order: announce-list, created by, creation date, info.</summary>
    public byte[] ToBytes() => ToMemory().ToArray();

    internal ReadOnlyMemory<byte> ToMemory()
    {
        var file = new BencodeWriter(Info.Length + HeadBytes).BeginDictionary();
        WriteHead(file);
        return file.Text("info").Raw(Info.Span).End().ToMemory();
    }

    internal void WriteHead(BencodeWriter file)
    {
        if (Trackers.Count > 0)
        {
            file.Text("announce-list").BeginList();
            foreach (var tracker in Trackers)
                file.BeginList().Text(tracker).End();
            file.End();
        }
        if (CreatedBy is not null)
            file.Text("created by").Text(CreatedBy);
        if (CreationDate is { } date)
            file.Text("creation date").Integer(date);
    }

    // BitTorrent version 1 names torrents and pieces by SHA-1; nothing of ours depends on its strength.
#pragma warning disable CA5350
    internal static void Sha1(ReadOnlySpan<byte> bytes, Span<byte> hash) => SHA1.HashData(bytes, hash);
#pragma warning restore CA5350
}
