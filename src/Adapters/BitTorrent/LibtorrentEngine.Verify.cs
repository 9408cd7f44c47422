using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

// Verifying on demand reads the files beside the session, which would answer no peer and forget what it has while it checked them itself.
public sealed partial class LibtorrentEngine
{
    /// <summary>Some six megabytes: how soon a verification that is not wanted any more ends, and how finely it tells how far it is.</summary>
    private const int PiecesAtATime = 64;

    public async Task Verify(InfoHash infoHash, IProgress<long> progress, CancellationToken cancellation)
    {
        if (torrents.GetValueOrDefault(infoHash) is { Serving: true, Suspended: null } torrent && Session.Metadata(infoHash) is { } info)
            await Verify(torrent, TorrentFileOf(info), progress, cancellation);
        else
            await VerifySuspended(infoHash, progress, cancellation);
    }

    private async Task Verify(KnownTorrent torrent, byte[] torrentFile, IProgress<long> progress, CancellationToken cancellation)
    {
        var infoHash = torrent.Content.InfoHash;
        var content = torrent.Content with { TorrentFile = torrentFile };
        var pieces = await Task.Run(() => Hash(content, torrent.Shape, progress, cancellation), cancellation);
        if (FindFault(torrent, pieces) is not { } fault)
            return;
        using var gate = await gates.Enter(infoHash, cancellation);
        if (IsServed(torrent) && Session.Find(infoHash) is { } loaded)
            await Suspend(torrent, loaded, fault.Message, fault is FilesDifferException, cancellation);
        throw fault;
    }

    private async Task VerifySuspended(InfoHash infoHash, IProgress<long> progress, CancellationToken cancellation)
    {
        using var gate = await gates.Enter(infoHash, cancellation);
        if (FindSuspended(infoHash) is { } suspended)
            await TryAgain(suspended, cancellation);
        if (torrents.GetValueOrDefault(infoHash) is not { } now || now is { Serving: false, Suspended: null })
            throw new TorrentException($"This node does not seed torrent {infoHash}.");
        if (now.Suspended is { } still)
            throw new TorrentException(still.Reason);
        progress.Report(now.TotalBytes);
    }

    private static Native.PieceState[] Hash(
        TorrentContent torrent,
        TorrentShape shape,
        IProgress<long> progress,
        CancellationToken cancellation
    )
    {
        var pieces = new Native.PieceState[shape.PieceCount];
        for (var first = 0; first < pieces.Length; first += PiecesAtATime)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(first + PiecesAtATime, pieces.Length);
            TorrentSession.Verify(torrent, first, pieces.AsSpan()[first..end]);
            progress.Report(Math.Min((long)end * shape.PieceBytes, shape.DataBytes + shape.IndexBytes));
        }
        return pieces;
    }

    private static TorrentException? FindFault(KnownTorrent torrent, Native.PieceState[] pieces)
    {
        if (SeedFiles.FindFault(torrent.Content, torrent.Shape) is { } fault)
            return new TorrentException(fault);
        if (pieces.Contains(Native.PieceState.Unreadable))
            return new TorrentException(SeedFiles.Unreadable(torrent.Content));
        return pieces.All(piece => piece == Native.PieceState.Whole)
            ? null
            : SeedFiles.Mismatch(torrent.Content, torrent.Shape, Array.ConvertAll(pieces, piece => piece == Native.PieceState.Whole));
    }
}
