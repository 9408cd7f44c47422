using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>An archive tree in a folder of its own, removed at the end.</summary>
internal sealed class TemporaryTree : IDisposable
{
    public static readonly CommunityId Community = CommunityId.Parse(
        "0x034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"
    );
    public static readonly ContentTopic Topic = ContentTopic.Parse("0x01020304");
    public const ulong Start = 1_700_000_000;
    public const uint Week = 604_800;

    public TemporaryTree(Action<SafeFileHandle>? sync = null)
    {
        Root = Directory.CreateTempSubdirectory("eventarchive-").FullName;
        Tree = WithSync(sync ?? Disk.Sync);
    }

    public string Root { get; }

    public ArchiveTree Tree { get; }

    /// <summary>Another tree object on the same folder, as after a restart.</summary>
    public ArchiveTree WithSync(Action<SafeFileHandle> sync) =>
        new(new ArchiveTreeOptions { Root = Root }, NullLogger<ArchiveTree>.Instance, sync);

    public string PathOf(string name) => Path.Combine(Root, Community.ToString(), name);

    public byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public string TorrentPath => Path.Combine(Root, $"{Community}.torrent");

    /// <summary>Every file below the root with the SHA-256 of its bytes.</summary>
    public SortedDictionary<string, string> Files() =>
        new(
            Directory
                .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
                .ToDictionary(path => Path.GetRelativePath(Root, path), path => Vector.Sha256(File.ReadAllBytes(path))),
            StringComparer.Ordinal
        );

    /// <summary>A plan of some weeks from the start of the vectors.</summary>
    public static CutPlan Plan(int fromWeek, int toWeek, Cut? parent = null) =>
        new(
            Community,
            Start + ((ulong)fromWeek * Week),
            Start + ((ulong)toWeek * Week),
            Week,
            [Topic],
            parent?.Torrent.InfoHash,
            parent?.DataBytes ?? 0
        );

    /// <summary>Three messages a week, of lengths that make slots of one to three pieces.</summary>
    public static IEnumerable<ArchivedMessage> Messages(int weeks, byte salt = 0) =>
        from week in Enumerable.Range(0, weeks)
        from day in Enumerable.Range(0, 3)
        select Message(Start + ((ulong)week * Week) + (ulong)day, (week * 30_000) + day, (byte)(salt + week + day));

    public static ArchivedMessage Message(ulong timestamp, int payloadBytes, byte value) =>
        new([4], timestamp, Topic, [.. Enumerable.Repeat(value, payloadBytes)], [1], [value, .. BitConverter.GetBytes(timestamp)], "");

    public static ReadMessages Reading(IEnumerable<ArchivedMessage> messages) =>
        (window, _) => messages.Where(message => window.From <= message.Timestamp && message.Timestamp < window.To).ToAsyncEnumerable();

    /// <summary>Cuts the weeks of <see cref="Plan"/> out of <see cref="Messages"/>.</summary>
    public static async Task<Cut> CutWeeks(ArchiveTree tree, int from, int to, Cut? parent = null) =>
        (await tree.Cut(Plan(from, to, parent), Reading(Messages(to)), TestContext.Current.CancellationToken)).Made!;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
