using System.Security.Cryptography;
using EventArchive.Archives;
using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Late messages from the store to the archives on disk, through the rules and the effect, without a service around them.</summary>
public sealed class LateCutTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const uint Week = 604_800;

    /// <summary>Begins of weeks.</summary>
    private const ulong W1 = 1_700_000_000;
    private const ulong W2 = W1 + Week;
    private const ulong W4 = W1 + (3 * Week);
    private const ulong W5 = W1 + (4 * Week);
    private const ulong W6 = W1 + (5 * Week);

    private static readonly CommunityId Id = EventSamples.Community;
    private static readonly ContentTopic General = ContentTopic.Parse("0x00000001");
    private static readonly ContentTopic Added = ContentTopic.Parse("0x00000002");

    private readonly string folder = Directory.CreateTempSubdirectory("eventarchive-late-").FullName;
    private readonly List<ArchivedMessage> recorded = [];
    private readonly List<ArchiveCreationStarted> plans = [];
    private int names;
    private TestDatabase database = null!;
    private PostgresMessageStore store = null!;
    private ArchiveTree tree = null!;
    private Community community = Community.Evolve(
        Community.Initial,
        new HistoryArchivesEnabled(Id, ControlNode: true, PubsubTopic.Default, [General])
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        store = new PostgresMessageStore(database.Source, TimeProvider.System);
        tree = Tree("first");
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_message_is_in_an_archive_of_its_own_window_once_however_late_it_came()
    {
        await Record(W1, W1 + 5, W2, W4 - 1);
        (await Cut(W4)).ShouldBe([(W1, W2), (W2, W2 + Week), (W4 - Week, W4)]);
        // Week 1 again, before the first window, the present week, and one that is still to come.
        await Record(W1 + 7, W2 - 1, W1 - 1, W1 - Week - 5, W4 + 3, W5 + 1);
        (await Cut(W5)).ShouldBe([(W1 - (2 * Week), W1 - Week), (W1 - Week, W1), (W1, W2), (W4, W5)]);
        (await Cut(W6)).ShouldBe([(W5, W6)]);

        await ExpectAllArchived();
    }

    [Fact]
    public async Task Late_messages_alone_make_a_torrent_and_then_are_late_no_more()
    {
        await Record(W1);
        await Cut(W2);
        await Record(W1 + 1);

        (await Cut(W4)).ShouldBe([(W1, W2)]);
        (await Cut(W5)).ShouldBeEmpty();
        community.ArchivedUntil.ShouldBe(W5);
        await ExpectAllArchived();
    }

    [Fact]
    public async Task The_history_of_a_channel_that_was_added_later_comes_with_the_next_cut()
    {
        await Record(W1, W4 - 1);
        await Record(Added, W2 + 4, W5 + 2);
        await Cut(W4);
        community = Community.Evolve(community, new ChannelsChanged(Id, [General, Added]));

        (await Cut(W5)).ShouldBe([(W2, W2 + Week)]);
        (await Cut(W6)).ShouldBe([(W5, W6)]);
        await ExpectAllArchived();
    }

    [Fact]
    public async Task A_failed_cut_leaves_late_what_was_late()
    {
        await Record(W1);
        await Cut(W2);
        await Record(W1 + 1, W2 + 1);
        Decide(new CreateArchive(Id, To: W4), await Facts());
        Decide(new FailArchiveCreation(Id, W2, W4, "disk full"), await Facts());

        (await Cut(W4)).ShouldBe([(W1, W2), (W2, W2 + Week)]);
        await ExpectAllArchived();
    }

    [Fact]
    public async Task What_was_set_aside_is_not_late_again_and_what_was_imported_never_is()
    {
        await Record(W1);
        await Cut(W2);
        // Longer than the format lets a hash be: recorded, and left out of archives by name.
        await store.Record(Id, [Message(General, W1 + 1) with { Hash = new byte[100] }], Cancel);
        await store.Import(Id, [Message(General, W1 + 2)], Cancel);

        (await Cut(W4)).ShouldBeEmpty();
        (await Cut(W5)).ShouldBeEmpty();
        plans[^2].TakenMessages![0].HighestNumber.ShouldBe(1);
        plans[^1].TakenMessages![0].HighestNumber.ShouldBe(3);
    }

    [Fact]
    public async Task Another_node_that_repeats_the_cuts_from_the_events_writes_the_same_bytes()
    {
        await Record(W1, W2, W4 - 1);
        await Cut(W4);
        await Record(W1 + 7, W1 - 1, W4 + 3);
        await Cut(W5);
        // Recorded since: no part of what the events pinned.
        await Record(W1 + 8, W4 + 4, W1 - 9);
        var infoHash = community.Torrent!.InfoHash;

        tree = Tree("second");
        CompleteArchive? last = null;
        foreach (var plan in plans)
            last = await Perform(Community.Evolve(community, plan));

        last!.Torrent!.InfoHash.ShouldBe(infoHash);
    }

    [Fact]
    public async Task Where_strangers_scatter_timestamps_neighbours_share_a_window_because_each_costs_a_piece_for_ever()
    {
        await Record(W1);
        Decide(new CreateArchive(Id, To: W1 + 60, PartitionSeconds: 60), await Facts());
        Decide(await Perform(community), await Facts());
        await Record([.. Enumerable.Range(0, 2500).Select(n => W1 - 1 - ((ulong)n * 60))]);

        var windows = await Cut(W2);

        windows.Count.ShouldBeInRange(500, 1000);
        await ExpectAllArchived();
    }

    private async Task ExpectAllArchived()
    {
        var torrent = (await tree.Find(Id, community.Torrent!.InfoHash, Cancel))!;
        List<string> archived = [];
        foreach (var entry in await tree.ReadIndex(torrent, Cancel))
        {
            await foreach (var message in tree.Extract(torrent, entry, Cancel))
            {
                message.Timestamp.ShouldBeInRange(entry.From, entry.To - 1);
                archived.Add(Hex.Encode(message.Hash));
            }
        }
        archived.ShouldBe(recorded.Select(message => Hex.Encode(message.Hash)), ignoreOrder: true);
    }

    private Task Record(params ulong[] timestamps) => Record(General, timestamps);

    private async Task Record(ContentTopic topic, params ulong[] timestamps)
    {
        ArchivedMessage[] messages = [.. timestamps.Select(timestamp => Message(topic, timestamp))];
        recorded.AddRange(messages);
        await store.Record(Id, messages, Cancel);
    }

    /// <returns>The windows of the archives that the cut added, by offset.</returns>
    private async Task<IReadOnlyList<(ulong From, ulong To)>> Cut(ulong to)
    {
        Decide(new CreateArchive(Id, To: to), await Facts());
        plans.Add(community.Cutting!);
        var report = await Perform(community);
        Decide(report, await Facts());
        return [.. report.Archives.Select(entry => (entry.From, entry.To))];
    }

    private void Decide(ICommand command, Facts facts) =>
        community = Community.Evolve(community, Community.Decide(command, community, facts).ShouldHaveSingleItem());

    private async Task<Facts> Facts()
    {
        var range = await store.Range(Id, community.ContentTopics, Cancel);
        return new Facts(DateTimeOffset.FromUnixTimeSeconds((long)W6))
        {
            OldestMessage = range?.OldestTimestamp,
            HighestMessageNumber = range?.HighestNumber ?? 0,
        };
    }

    private async Task<CompleteArchive> Perform(Community state)
    {
        CompleteArchive? made = null;
        var cut = new CutArchives(tree, store, new SilentEngine(), Options.Create(new NodeOptions { Name = "a" }), null!);
        await cut.Perform(
            state,
            (report, _) =>
            {
                made = (CompleteArchive)report;
                return Task.CompletedTask;
            },
            Cancel
        );
        return made.ShouldNotBeNull();
    }

    private ArchiveTree Tree(string name) =>
        new(
            new ArchiveTreeOptions { Root = Directory.CreateDirectory(Path.Combine(folder, name)).FullName },
            NullLogger<ArchiveTree>.Instance
        );

    private ArchivedMessage Message(ContentTopic topic, ulong timestamp) =>
        new([4], timestamp, topic, [1], [], SHA256.HashData(BitConverter.GetBytes(++names)), "");
}
