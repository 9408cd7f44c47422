using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using EventArchive.Model;
using Google.Protobuf;

namespace EventArchive.Archives;

/// <summary>
/// Reads one archive that a stranger may have written. The whole of it is checked before the first message is given out; one message at a time
/// becomes objects, so that a megabyte of tiny messages does not become a hundred.
/// </summary>
internal sealed class SlotReader
{
    private readonly ReadOnlyMemory<byte> raw;
    private readonly MessageRules rules;

    /// <exception cref="UnreadableArchiveException">The bytes are no archive, not the entry's, or go beyond a limit.</exception>
    public SlotReader(ReadOnlyMemory<byte> raw, ArchiveEntry entry, int maxMessages = ArchiveFormat.MaxArchiveMessages)
    {
        this.raw = raw;
        Metadata = ReadMetadata(entry);
        rules = new(Metadata.From, Metadata.To, Metadata.ContentTopic.Select(topic => ContentTopic.FromBytes(topic.Span)));
        foreach (var message in Walk())
        {
            if (rules.FaultOf(message) is { } fault)
                throw new UnreadableArchiveException($"Message {Messages + 1} of archive {entry.Id} is refused: {fault}.");
            if (++Messages > maxMessages)
                throw new UnreadableArchiveException($"Archive {entry.Id} has more than {maxMessages} messages.");
        }
    }

    /// <summary>Reads a slot, its pieces verified against the torrent.</summary>
    /// <exception cref="MissingArchiveFilesException">The data file is not there, or too short.</exception>
    /// <exception cref="RatchetKeyMissingException">The key is not here.</exception>
    /// <param name="open">How it is opened; null: it is in the clear.</param>
    public static async Task<SlotReader> Open(
        string dataPath,
        TorrentFile torrent,
        ArchiveEntry entry,
        CancellationToken cancellation,
        Unseal? open = null
    )
    {
        if (entry.Size is <= 0 or > ArchiveFormat.MaxSlotBytes || entry.Padding < 0 || entry.Padding >= entry.Size)
            throw new UnreadableArchiveException(
                $"Archive {entry.Id} takes {entry.Size} bytes, {entry.Padding} of them padding; at most {ArchiveFormat.MaxSlotBytes} are read."
            );
        if (
            entry.Offset < 0
            || entry.Offset > torrent.DataBytes - entry.Size
            || entry.Offset % ArchiveFormat.PieceBytes + entry.Size % ArchiveFormat.PieceBytes != 0
        )
            throw new UnreadableArchiveException($"Archive {entry.Id} does not lie on pieces of the torrent.");
        var slot = await ReadBytes(dataPath, entry, cancellation);
        var first = (int)(entry.Offset / ArchiveFormat.PieceBytes * ArchiveFormat.PieceHashBytes);
        var expected = torrent.DataPieces.Slice(first, (int)(entry.Size / ArchiveFormat.PieceBytes) * ArchiveFormat.PieceHashBytes);
        if (!PieceHashes.Of(slot).AsSpan().SequenceEqual(expected.Span))
            throw new UnreadableArchiveException(
                $"{dataPath} does not hold the torrent's bytes at {entry.Offset}: check or download it again."
            );
        ReadOnlyMemory<byte> raw = slot.AsMemory(0, (int)(entry.Size - entry.Padding));
        try
        {
            return new SlotReader(open is null ? raw : await open(raw, cancellation), entry);
        }
        catch (FormatException fault)
        {
            throw new UnreadableArchiveException($"Archive {entry.Id} cannot be opened. {fault.Message}", fault);
        }
    }

    public WakuMessageArchiveMetadata Metadata { get; }

    public int Messages { get; }

    public IEnumerable<ArchivedMessage> Read() => Walk();

    private static async Task<byte[]> ReadBytes(string path, ArchiveEntry entry, CancellationToken cancellation)
    {
        try
        {
            using var file = Disk.OpenRead(path);
            var bytes = new byte[entry.Size];
            for (var done = 0; done < bytes.Length; )
            {
                var read = await RandomAccess.ReadAsync(file, bytes.AsMemory(done), entry.Offset + done, cancellation);
                if (read == 0)
                    throw new MissingArchiveFilesException($"{path} ends inside archive {entry.Id}: restore it, or download it again.");
                done += read;
            }
            return bytes;
        }
        catch (FileNotFoundException fault)
        {
            throw new MissingArchiveFilesException($"{path} is missing: restore it, or download the torrent again.", fault);
        }
    }

    private IEnumerable<ArchivedMessage> Walk()
    {
        foreach (var bytes in Fields(WakuMessageArchive.MessagesFieldNumber))
        {
            var wire = Parse(WakuMessage.Parser, bytes);
            if (wire.Topic.Length != ContentTopic.TopicBytes)
                throw new UnreadableArchiveException($"A message has a topic of {wire.Topic.Length} bytes, not {ContentTopic.TopicBytes}.");
            yield return new(
                wire.Sig.Memory,
                wire.Timestamp,
                ContentTopic.FromBytes(wire.Topic.Span),
                wire.Payload.Memory,
                wire.Padding.Memory,
                wire.Hash.ToByteArray(),
                wire.ThirdPartyId
            );
        }
    }

    private WakuMessageArchiveMetadata ReadMetadata(ArchiveEntry entry)
    {
        var found = Fields(WakuMessageArchive.MetadataFieldNumber).Take(2).ToList();
        if (found.Count != 1)
            throw new UnreadableArchiveException(
                $"Archive {entry.Id} has no metadata, or has it twice; perhaps it is encrypted, and the community's setting does not say so."
            );
        var metadata = Parse(WakuMessageArchiveMetadata.Parser, found[0]);
        if (metadata.ContentTopic.Any(topic => topic.Length != ContentTopic.TopicBytes))
            throw new UnreadableArchiveException($"A content topic of archive {entry.Id} has not {ContentTopic.TopicBytes} bytes.");
        // The id covers place, window and topics: equal ids mean that the archive says of itself what the index says of it.
        if (ArchiveIndex.IdOf(ArchiveIndex.Locate(metadata, entry.Offset, entry.Size, entry.Padding)) != entry.Id)
            throw new UnreadableArchiveException($"The metadata inside archive {entry.Id} is not that of its index entry.");
        return metadata;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Fields(int number)
    {
        var fields = new ProtobufFields(raw);
        while (Next(fields) is { } field)
        {
            if (field.Number == number)
                yield return field.Bytes;
        }
    }

    private static ProtobufField? Next(ProtobufFields fields)
    {
        try
        {
            return fields.Next();
        }
        catch (FormatException fault)
        {
            throw new UnreadableArchiveException($"The archive is not protobuf, or encrypted: {fault.Message}", fault);
        }
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte> bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new UnreadableArchiveException($"A part of the archive is not protobuf: {fault.Message}", fault);
        }
    }
}
