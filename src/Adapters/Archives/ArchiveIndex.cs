using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using EventArchive.Model;
using Google.Protobuf;

namespace EventArchive.Archives;

/// <summary>The file <c>index</c>: which archives there are, and where each lies in <c>data</c>. Written in the order of the offsets.</summary>
internal static class ArchiveIndex
{
    /// <summary>Reads a stranger's index: the entries by offset, each checked, none overlapping another.</summary>
    /// <exception cref="RejectedTorrentException">The message says which rule is broken.</exception>
    public static List<WakuMessageArchiveIndexEntry> Read(
        ReadOnlyMemory<byte> bytes,
        long dataBytes,
        int maxArchives = ArchiveFormat.MaxArchives
    )
    {
        if (bytes.Length > ArchiveFormat.MaxIndexBytes)
            throw new RejectedTorrentException($"An index has at most {ArchiveFormat.MaxIndexBytes} bytes, not {bytes.Length}.");
        List<WakuMessageArchiveIndexEntry> entries = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (var field in Fields(bytes))
        {
            if (field.Number != WakuMessageArchiveIndex.ArchivesFieldNumber)
                continue;
            if (entries.Count == maxArchives)
                throw new RejectedTorrentException($"The index has more than {maxArchives} archives.");
            var entry = Parse(field.Bytes);
            Check(entry, entries.Count + 1, (ulong)dataBytes);
            if (!keys.Add(entry.Key))
                throw new RejectedTorrentException($"The index has the archive {entry.Key} twice.");
            entries.Add(entry);
        }
        if (entries.Count == 0)
            throw new RejectedTorrentException(
                "The index holds no archive; perhaps it is encrypted: state EncryptedAfter for the community, or give --keys."
            );
        entries.Sort((left, right) => left.Value.Offset.CompareTo(right.Value.Offset));
        foreach (var (first, second) in entries.Zip(entries.Skip(1)))
        {
            if (second.Value.Offset < first.Value.Offset + first.Value.Size)
                throw new RejectedTorrentException($"The archives {first.Key} and {second.Key} overlap in data.");
        }
        return entries;
    }

    /// <param name="open">How it is opened; null: it is in the clear.</param>
    /// <exception cref="RejectedTorrentException">The message says which rule is broken.</exception>
    /// <exception cref="RatchetKeyMissingException">The key is not here.</exception>
    public static async Task<List<WakuMessageArchiveIndexEntry>> Read(
        ReadOnlyMemory<byte> bytes,
        long dataBytes,
        Unseal? open,
        CancellationToken cancellation
    )
    {
        try
        {
            return Read(open is null ? bytes : await open(bytes, cancellation), dataBytes);
        }
        catch (FormatException fault)
        {
            throw new RejectedTorrentException($"The index cannot be opened. {fault.Message}", fault);
        }
    }

    /// <param name="entries">By offset.</param>
    public static byte[] Write(IEnumerable<WakuMessageArchiveIndexEntry> entries)
    {
        var index = new WakuMessageArchiveIndex();
        index.Archives.AddRange(entries);
        return index.ToByteArray();
    }

    public static WakuMessageArchiveIndexMetadata Locate(WakuMessageArchiveMetadata metadata, long offset, long size, long padding) =>
        new()
        {
            Metadata = metadata,
            Offset = checked((ulong)offset),
            Size = checked((ulong)size),
            Padding = checked((ulong)padding),
        };

    public static ArchiveId IdOf(WakuMessageArchiveIndexMetadata value) => ArchiveId.OfEntry(value.ToByteArray());

    public static WakuMessageArchiveIndexEntry Name(WakuMessageArchiveIndexMetadata value) =>
        new() { Key = IdOf(value).ToString(), Value = value };

    public static ArchiveEntry ToEntry(WakuMessageArchiveIndexEntry entry) =>
        new(
            ArchiveId.Parse(entry.Key),
            entry.Value.Metadata.From,
            entry.Value.Metadata.To,
            (long)entry.Value.Offset,
            (long)entry.Value.Size,
            (long)entry.Value.Padding
        );

    private static IEnumerable<ProtobufField> Fields(ReadOnlyMemory<byte> bytes)
    {
        var fields = new ProtobufFields(bytes);
        while (Next(fields) is { } field)
            yield return field;
    }

    private static ProtobufField? Next(ProtobufFields fields)
    {
        try
        {
            return fields.Next();
        }
        catch (FormatException fault)
        {
            throw new RejectedTorrentException($"The index is not protobuf: {fault.Message}", fault);
        }
    }

    private static WakuMessageArchiveIndexEntry Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return WakuMessageArchiveIndexEntry.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new RejectedTorrentException($"An entry of the index is not protobuf: {fault.Message}", fault);
        }
    }

    private static void Check(WakuMessageArchiveIndexEntry entry, int number, ulong dataBytes)
    {
        var value = entry.Value;
        var fault = value switch
        {
            null => "it has no value",
            { Metadata: null } => "it has no metadata",
            { Metadata: { } window } when window.From > window.To => "its window ends before it begins",
            { Metadata: { } window } when window.ContentTopic.Any(topic => topic.Length != ContentTopic.TopicBytes) =>
                $"a content topic has not {ContentTopic.TopicBytes} bytes",
            { Size: 0 } => "its size is 0",
            { Size: var size } when size % ArchiveFormat.PieceBytes != 0 => $"its size is no multiple of {ArchiveFormat.PieceBytes}",
            { Offset: var offset } when offset % ArchiveFormat.PieceBytes != 0 =>
                $"its offset is no multiple of {ArchiveFormat.PieceBytes}",
            // Subtracted, not added: the sum of two 64-bit numbers may wrap.
            { Offset: var offset, Size: var size } when offset > dataBytes || size > dataBytes - offset =>
                "it reaches past the end of data",
            { Padding: var padding, Size: var size } when padding >= size => "its padding is not less than its size",
            _ when IdOf(value).ToString() != entry.Key => "its key is not the Keccak-256 of its value",
            _ => null,
        };
        if (fault is not null)
            throw new RejectedTorrentException($"Entry {number} of the index is refused: {fault}.");
    }
}
