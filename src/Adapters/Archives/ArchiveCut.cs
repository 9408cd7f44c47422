using EventArchive.Archives.Wire;
using EventArchive.EventStore;
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
internal sealed partial class ArchiveCut : IAsyncDisposable
{
    private readonly CommunityFolder folder;
    private readonly CutPlan plan;
    private readonly ArchiveTreeOptions options;
    private readonly ILogger logger;
    private readonly Seal? seal;
    private readonly Unseal? open;
    private readonly WorkingTorrent? present;
    private readonly WorkingTorrent? parent;
    private readonly DataWriter data;
    private readonly SlotWriter slot;
    private readonly List<WakuMessageArchiveIndexEntry> added = [];
    private readonly Dictionary<ContentTopic, byte[]> topics;
    private readonly Dictionary<string, string> setAside = new(StringComparer.Ordinal);
    private long messageCount;

    /// <param name="seals">How the plan's sealing is done, and what is sealed opened.</param>
    /// <exception cref="MissingArchiveFilesException">The parent's files are not there.</exception>
    /// <exception cref="DamagedDataException">The parent's data is not what its torrent says.</exception>
    public ArchiveCut(CommunityFolder folder, CutPlan plan, ArchiveTreeOptions options, ILogger logger, ArchiveSeals seals)
    {
        CheckPlan(plan);
        (this.folder, this.plan, this.options, this.logger) = (folder, plan, options, logger);
        seal = plan.Sealing is { } sealing ? seals.SealFrom(sealing.KeyId, sealing.FirstSeqNo) : null;
        open = plan.Sealing is { ParentSealed: true } ? seals.Open : null;
        topics = plan.ContentTopics.Distinct().ToDictionary(topic => topic, topic => topic.ToBytes());
        present = folder.FindPresent();
        parent = FindParent();
        data = new DataWriter(OpenData, plan.CommittedBytes, ProtectedBytes, Diverged);
        slot = new SlotWriter(data, seal);
    }

    public async Task<CutOutcome> Run(ReadMessages messages, CancellationToken cancellation)
    {
        foreach (var late in plan.LateWindows)
            await Cut(late, messages, cancellation);
        for (ulong from = plan.From, to; from < plan.To; from = to)
        {
            to = plan.To - from > plan.PartitionSeconds ? from + plan.PartitionSeconds : plan.To;
            await Cut(new CutWindow(from, to), messages, cancellation);
        }
        if (await data.Finish(cancellation) is not { } file)
            return new CutOutcome(Made: null, setAside);
        FinishData(file);
        return new CutOutcome(await Publish(cancellation), setAside);
    }

    public ValueTask DisposeAsync()
    {
        slot.Dispose();
        return data.DisposeAsync();
    }

    private string DataFile => parent?.DataFile ?? WorkingTorrent.SharedData;

    /// <summary>Where this data file may be written: behind all that the present torrent covers.</summary>
    private long ProtectedBytes =>
        present is { Complete: true } && present.DataFile == DataFile
            ? Math.Max(present.Torrent.DataBytes, plan.CommittedBytes)
            : plan.CommittedBytes;

    private SafeFileHandle OpenData()
    {
        folder.Prepare();
        Steps.Before("cut", "data");
        return Disk.OpenOrCreate(folder.PathOf(DataFile));
    }

    private DivergedDataException Diverged(long at) =>
        new(
            $"{folder.PathOf(DataFile)} holds other bytes at {at}, which {present!.Torrent.InfoHash} covers. "
                + "Cut with that torrent as the parent, or move the community's folder and .torrent away."
        );

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
        // Each holds two megabytes of hashes for ten gigabytes of data: as a rule the two are one.
        var found = present?.Torrent.InfoHash == plan.Parent ? present : folder.FindWorking(plan.Parent);
        if (found is not { Complete: true })
            throw new MissingArchiveFilesException(
                $"The torrent {plan.Parent} that this cut continues is not complete in {folder.FolderPath}: restore or download it first."
            );
        folder.CheckData(found);
        if (found.Torrent.DataBytes != plan.CommittedBytes)
            throw new ArgumentException($"{plan.Parent} covers {found.Torrent.DataBytes} bytes, the plan says {plan.CommittedBytes}.");
        DataSpotCheck.Run(folder.PathOf(found.DataFile), found.Torrent);
        return found;
    }

    private async Task Cut(CutWindow window, ReadMessages messages, CancellationToken cancellation)
    {
        var metadata = new WakuMessageArchiveMetadata { From = window.From, To = window.To };
        metadata.ContentTopic.AddRange(plan.ContentTopics.Select(topic => ByteString.CopyFrom(topic.ToBytes())));
        var rules = new MessageRules(window.From, window.To, plan.ContentTopics);
        slot.Begin(metadata, IsSealed(window));
        var (before, tooLarge) = (added.Count, false);
        await foreach (var message in messages(window, cancellation).WithCancellation(cancellation))
        {
            var fault = rules.FaultOf(message) ?? (SlotWriter.IsTooLong(message) ? "no archive has room for it" : null);
            if (fault is not null)
            {
                tooLarge |= MessageRules.MessageBytes(message) > ArchiveFormat.MaxArchiveMessageBytes;
                SetAside(message, fault);
                continue;
            }
            var topic = topics[message.Topic];
            if (await slot.TryAdd(message, topic, cancellation))
                continue;
            if (slot.Messages > 0)
                await EndSlot(metadata, cancellation);
            slot.Begin(metadata, IsSealed(window));
            if (!await slot.TryAdd(message, topic, cancellation))
                SetAside(message, "no archive has room for it");
        }
        // Of a window whose messages are all too large status-go makes an archive without any: all that follows lies behind it.
        if (slot.Messages > 0 || (tooLarge && added.Count == before && !window.Late))
            await EndSlot(metadata, cancellation);
    }

    private bool IsSealed(CutWindow window) => window.To > plan.Sealing?.EncryptedAfter;

    private void SetAside(ArchivedMessage message, string reason)
    {
        var hash = Hex.Encode(message.Hash.AsSpan(0, Math.Min(message.Hash.Length, ArchiveFormat.MaxHashBytes)));
        if (setAside.Count == ArchiveFormat.MaxSetAside)
            throw new InvalidOperationException(
                $"More than {ArchiveFormat.MaxSetAside} recorded messages are in no archive, of {hash} because {reason}: whoever records them does "
                    + "something wrong. Remove them from the message store, then cut again."
            );
        setAside[hash] = reason;
        LogSetAside(logger, folder.CommunityId, hash, reason);
    }

    private async Task EndSlot(WakuMessageArchiveMetadata metadata, CancellationToken cancellation)
    {
        var offset = data.End;
        var (size, padding) = await slot.Finish(cancellation);
        added.Add(ArchiveIndex.Name(ArchiveIndex.Locate(metadata, offset, size, padding)));
        messageCount += slot.Messages;
    }

    private void FinishData(SafeFileHandle file)
    {
        var length = Math.Max(data.End, ProtectedBytes);
        if (RandomAccess.GetLength(file) != length)
            RandomAccess.SetLength(file, length);
        folder.Sync(file);
        folder.SyncFolder();
        Steps.After("cut", "data");
    }

    private async Task<Cut> Publish(CancellationToken cancellation)
    {
        var old = parent is null
            ? []
            : await ArchiveIndex.Read(folder.ReadIndex(parent.Torrent), parent.Torrent.DataBytes, open, cancellation);
        if (old.Count + added.Count > ArchiveFormat.MaxArchives)
            throw new InvalidOperationException($"A torrent holds at most {ArchiveFormat.MaxArchives} archives.");
        ReadOnlyMemory<byte> index = ArchiveIndex.Write(old.Concat(added));
        if (seal is not null)
            index = await seal(RatchetEnvelope.Room(index.Span), cancellation);
        var torrent = TorrentFile.Make(folder.CommunityId, data.End, index.Length, Pieces(index.Span)) with
        {
            Trackers = options.Trackers,
            CreatedBy = options.CreatedBy,
        };
        var working = new WorkingTorrent(torrent, DataFile, Complete: true);
        Steps.Before("cut", "index");
        folder.KeepIndex(torrent.InfoHash, index.Span);
        Steps.After("cut", "index");
        Steps.Before("cut", "torrent");
        folder.Keep(working);
        // A cut that comes late, behind one that continued it, leaves the newer one in place.
        if (ProtectedBytes <= data.End)
        {
            folder.MakePresent(torrent, index.Span);
            folder.RemoveSuperseded(working);
        }
        Steps.After("cut", "torrent");
        var entries = added.Select(ArchiveIndex.ToEntry).ToList();
        return new Cut(folder.ToContent(working), entries, old.Count + added.Count, data.End, messageCount);
    }

    /// <summary>The parent's, those of the new slots, and the index's.</summary>
    private byte[] Pieces(ReadOnlySpan<byte> index) =>
        [.. parent is null ? [] : parent.Torrent.DataPieces.Span, .. data.Pieces, .. PieceHashes.Of(index)];

    [LoggerMessage(201, LogLevel.Warning, "Community {CommunityId}: message {Hash} is in no archive: {Reason}.")]
    private static partial void LogSetAside(ILogger logger, CommunityId communityId, string hash, string reason);
}
