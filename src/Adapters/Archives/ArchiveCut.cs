using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using EventArchive.Model;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>
/// One cut: messages into slots of <c>data</c>, then <c>index</c>, then .torrent. Every step writes what the plan and the messages determine,
/// so whoever is interrupted begins anew and ends with the same bytes.
/// </summary>
internal sealed partial class ArchiveCut(CommunityFolder folder, CutPlan plan, ArchiveTreeOptions options, ILogger logger) : IDisposable
{
    private readonly SlotWriter slot = new();
    private readonly List<WakuMessageArchiveIndexEntry> added = [];
    private readonly List<byte[]> addedPieces = [];
    private readonly Dictionary<string, string> setAside = new(StringComparer.Ordinal);
    private WorkingTorrent? parent;
    private WorkingTorrent? present;
    private SafeFileHandle? data;
    private long end = plan.CommittedBytes;
    private long messageCount;

    public async Task<CutOutcome> Run(ReadMessages messages, CancellationToken cancellation)
    {
        CheckPlan(plan);
        present = folder.FindPresent();
        parent = FindParent();
        foreach (var late in plan.LateWindows)
            await Cut(late, messages, cancellation);
        for (ulong from = plan.From, to; from < plan.To; from = to)
        {
            to = plan.To - from > plan.PartitionSeconds ? from + plan.PartitionSeconds : plan.To;
            await Cut(new CutWindow(from, to), messages, cancellation);
        }
        if (data is null)
            return new CutOutcome(Made: null, setAside);
        FinishData(data);
        return new CutOutcome(Publish(), setAside);
    }

    public void Dispose() => data?.Dispose();

    private string DataFile => parent?.DataFile ?? WorkingTorrent.SharedData;

    /// <summary>Where this data file may be written: behind all that the present torrent covers.</summary>
    private long ProtectedBytes =>
        present is { Complete: true } && present.DataFile == DataFile
            ? Math.Max(present.Torrent.DataBytes, plan.CommittedBytes)
            : plan.CommittedBytes;

    private static void CheckPlan(CutPlan plan)
    {
        if (plan.PartitionSeconds == 0)
            throw new ArgumentException("A window of 0 seconds cannot be cut.", nameof(plan));
        if (plan.To > plan.From && (plan.To - plan.From - 1) / plan.PartitionSeconds >= ArchiveFormat.MaxPartitions)
            throw new ArgumentException(
                $"[{plan.From}, {plan.To}) has more than {ArchiveFormat.MaxPartitions} windows of {plan.PartitionSeconds} s: begin later.",
                nameof(plan)
            );
        if (plan.Parent is null && plan.CommittedBytes != 0)
            throw new ArgumentException("A first cut begins at byte 0.", nameof(plan));
    }

    private WorkingTorrent? FindParent()
    {
        if (plan.Parent is null)
            return null;
        if (folder.Find(plan.Parent) is not { Complete: true } found)
            throw new MissingArchiveFilesException(
                $"The torrent {plan.Parent} that this cut continues is not complete in {folder.FolderPath}: restore or download it first."
            );
        folder.CheckData(found);
        return found.Torrent.DataBytes == plan.CommittedBytes
            ? found
            : throw new ArgumentException($"{plan.Parent} covers {found.Torrent.DataBytes} bytes, the plan says {plan.CommittedBytes}.");
    }

    private async Task Cut(CutWindow window, ReadMessages messages, CancellationToken cancellation)
    {
        var metadata = new WakuMessageArchiveMetadata { From = window.From, To = window.To };
        metadata.ContentTopic.AddRange(plan.ContentTopics.Select(topic => ByteString.CopyFrom(topic.ToBytes())));
        var rules = new MessageRules(window.From, window.To, plan.ContentTopics);
        slot.Begin(metadata);
        await foreach (var message in messages(window, cancellation).WithCancellation(cancellation))
        {
            var wire = SlotWriter.ToWire(message);
            var fault = rules.FaultOf(message) ?? (SlotWriter.IsTooLong(wire) ? "no archive has room for it" : null);
            if (fault is not null)
            {
                SetAside(message, fault);
                continue;
            }
            if (slot.TryAdd(message, wire))
                continue;
            await WriteSlot(metadata, cancellation);
            slot.Begin(metadata);
            if (!slot.TryAdd(message, wire))
                SetAside(message, "no archive has room for it");
        }
        if (slot.Messages > 0)
            await WriteSlot(metadata, cancellation);
    }

    private void SetAside(ArchivedMessage message, string reason)
    {
        var hash = Hex.Encode(message.Hash.AsSpan(0, Math.Min(message.Hash.Length, ArchiveFormat.MaxHashBytes)));
        setAside[hash] = reason;
        LogSetAside(logger, folder.CommunityId, hash, reason);
    }

    private async Task WriteSlot(WakuMessageArchiveMetadata metadata, CancellationToken cancellation)
    {
        var bytes = slot.Finish();
        if (data is null)
        {
            folder.Prepare();
            CrashPoint.Before("cut", "data");
            data = Disk.OpenOrCreate(folder.PathOf(DataFile));
        }
        if (end < ProtectedBytes)
            CompareSlot(data, bytes.Span);
        else
            await RandomAccess.WriteAsync(data, bytes, end, cancellation);
        added.Add(ArchiveIndex.Name(ArchiveIndex.Locate(metadata, end, bytes.Length, bytes.Length - slot.RawBytes)));
        addedPieces.Add(PieceHashes.Of(bytes.Span));
        messageCount += slot.Messages;
        end = checked(end + bytes.Length);
    }

    /// <summary>The same cut again: its bytes are there already, and nothing but these may be.</summary>
    private void CompareSlot(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        for (var done = 0; done < bytes.Length; done += ArchiveFormat.PieceBytes)
        {
            var there = end + bytes.Length <= ProtectedBytes ? Disk.Read(file, end + done, ArchiveFormat.PieceBytes) : [];
            if (!bytes.Slice(done, ArchiveFormat.PieceBytes).SequenceEqual(there))
                throw new DivergedDataException(
                    $"{folder.PathOf(DataFile)} holds other bytes at {end}, which {present!.Torrent.InfoHash} covers. "
                        + "Cut with that torrent as the parent, or move the community's folder and .torrent away."
                );
        }
    }

    private void FinishData(SafeFileHandle file)
    {
        var length = Math.Max(end, ProtectedBytes);
        if (RandomAccess.GetLength(file) != length)
            RandomAccess.SetLength(file, length);
        folder.Sync(file);
        folder.SyncFolder();
        CrashPoint.After("cut", "data");
    }

    private Cut Publish()
    {
        var old = parent is null ? [] : ArchiveIndex.Read(folder.ReadIndex(parent.Torrent), parent.Torrent.DataBytes);
        if (old.Count + added.Count > ArchiveFormat.MaxArchives)
            throw new InvalidOperationException($"A torrent holds at most {ArchiveFormat.MaxArchives} archives.");
        var index = ArchiveIndex.Write(old.Concat(added));
        byte[] oldPieces = parent is null ? [] : parent.Torrent.DataPieces.ToArray();
        byte[] pieces = [.. oldPieces, .. addedPieces.SelectMany(hashes => hashes), .. PieceHashes.Of(index)];
        var torrent = TorrentFile.Make(folder.CommunityId, end, index.Length, pieces) with
        {
            Trackers = options.Trackers,
            CreatedBy = options.CreatedBy,
        };
        var working = new WorkingTorrent(torrent, DataFile, Complete: true);
        CrashPoint.Before("cut", "index");
        folder.KeepIndex(torrent.InfoHash, index);
        CrashPoint.After("cut", "index");
        CrashPoint.Before("cut", "torrent");
        folder.Keep(working);
        // A cut that comes late, behind one that continued it, leaves the newer one in place.
        if (ProtectedBytes <= end)
            folder.MakePresent(torrent, index);
        CrashPoint.After("cut", "torrent");
        var entries = added.Select(ArchiveIndex.ToEntry).ToList();
        return new Cut(folder.ToContent(working), entries, old.Count + added.Count, end, messageCount);
    }

    [LoggerMessage(201, LogLevel.Warning, "Community {CommunityId}: message {Hash} is in no archive: {Reason}.")]
    private static partial void LogSetAside(ILogger logger, CommunityId communityId, string hash, string reason);
}
