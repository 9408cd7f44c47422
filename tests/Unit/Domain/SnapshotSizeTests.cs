using System.Text.Json;
using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>The snapshot is written with every command: its size must not depend on how much a community has archived.</summary>
public sealed class SnapshotSizeTests
{
    /// <summary>Ten years of weeks, and as many cuts again in between.</summary>
    private const int Archives = 1000;
    private const int MaxBytes = 10_000;
    private const ulong Window = 10UL * 365 * 86_400 / Archives;

    private readonly List<IEvent> history = [];
    private Community state = Community.Initial;
    private DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds((long)T0);

    [Fact]
    public void After_ten_years_and_a_thousand_cuts_a_control_nodes_snapshot_is_at_most_10_kB()
    {
        Happened(Enabled);
        for (var cut = 1; cut <= Archives; cut++)
        {
            now = At(cut);
            Do(new CreateArchive(Id, PartitionSeconds: (uint)Window));
            var made = new CutTorrent(Hash(cut), Magnet(cut), cut, DataBytes(cut));
            Do(
                new CompleteArchive(
                    Id,
                    state.Cutting!.From,
                    state.Cutting.To,
                    made,
                    [Entry(cut)],
                    5,
                    new Dictionary<string, string>(),
                    "a",
                    Peer(1)
                )
            );
            Do(new ConfirmSeeding(Id, Hash(cut), "a", Peer(1)));
            Announce(Hash(cut));
            // Lost disks are filled again, and all of it is imported.
            if (cut % 250 == 0)
                Restore(cut);
        }

        history.OfType<ArchiveCreated>().Count().ShouldBe(Archives);
        Size().ShouldBeLessThanOrEqualTo(MaxBytes);
    }

    [Fact]
    public void After_ten_years_and_a_thousand_archives_a_members_snapshot_is_at_most_10_kB()
    {
        Happened(Member);
        for (var torrent = 1; torrent <= Archives; torrent++)
        {
            now = At(torrent);
            var clock = new Clock((ulong)now.ToUnixTimeMilliseconds());
            Hear(clock, torrent);
            Fetch(torrent, from: torrent);
            Do(new ConfirmSeeding(Id, Hash(torrent), "m", Peer(2)));
            // Replayed for years by whoever likes to.
            Hear(new Clock((ulong)torrent), torrent);
            Hear(clock, torrent + Archives);
        }

        history.OfType<ArchivesImported>().Count().ShouldBe(Archives);
        history.OfType<MagnetlinkIgnored>().Count().ShouldBe(2 * Archives);
        Size().ShouldBeLessThanOrEqualTo(MaxBytes);
    }

    private void Announce(InfoHash torrent)
    {
        var (clock, magnetlink) = (Clock.After(state.HighestClock, now), state.Torrent!.Magnetlink.WithPeers([Peer(1)]));
        Do(new PrepareAnnouncement(Id, torrent, clock, magnetlink, Sign(clock, magnetlink)));
        Do(new ConfirmAnnouncement(Id, clock, [.. state.ContentTopics.Select(topic => topic.ToString())]));
    }

    private void Restore(int torrent)
    {
        Do(new RestoreArchive(Id));
        Fetch(torrent, from: torrent - 249);
        Do(new ConfirmSeeding(Id, Hash(torrent), "a", Peer(1)));
        Announce(Hash(torrent));
    }

    private void Fetch(int torrent, int from)
    {
        ArchiveId[] archives = [.. Enumerable.Range(1, torrent).Select(Archive)];
        Do(new ReportArchivesDownloaded(Id, Hash(torrent), archives, torrent));
        Do(new CompleteDownload(Id, Hash(torrent), archives, DataBytes(torrent), "m", Peer(2)));
        state.ToImport.Count.ShouldBe(torrent - from + 1, "Only what was not imported before is imported.");
        Do(new ReportArchivesImported(Id, Hash(torrent), archives, 5, 0));
    }

    private void Hear(Clock clock, int torrent) => Do(new ReceiveMagnetlink(Id, Signed), new Announced(clock, Magnet(torrent, 1)));

    private void Do(ICommand command, Announced? announced = null)
    {
        var facts = new Facts(now)
        {
            OldestMessage = T0,
            HighestMessageNumber = history.Count,
            Announced = announced,
        };
        var events = Community.Decide(command, state, facts.Of(history, command));
        events.ShouldNotBeEmpty($"{command} came to nothing.");
        Happened([.. events]);
    }

    private void Happened(params IEvent[] events)
    {
        history.AddRange(events);
        state = events.Aggregate(state, Community.Evolve);
    }

    private int Size()
    {
        var snapshot = new CommunitySnapshot(Community.StreamId(Id), state, new string('f', 64), now, history.Count);
        return JsonSerializer.SerializeToUtf8Bytes(snapshot, EventJson.Options).Length;
    }

    private static DateTimeOffset At(int window) => DateTimeOffset.FromUnixTimeSeconds((long)(T0 + ((ulong)window * Window)));
}
