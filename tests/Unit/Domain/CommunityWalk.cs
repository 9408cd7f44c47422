using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Shouldly;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>The life of one community under random commands. After each, every invariant of the decider and of pending work is checked.</summary>
internal sealed class CommunityWalk
{
    private const int SnapshotEvery = 10;

    private readonly RandomCommands commands;
    private readonly HashSet<Effect> due = [];
    private readonly HashSet<ArchiveId> imported = [];
    private readonly HashSet<(long Number, ulong Until, ContentTopic Topic)> taken = [];
    private Community state = Community.Initial;
    private ICommand? last;
    private ulong? closedUntil;
    private ArchiveCreated? newest;
    private Clock highest;
    private int accepted;

    public CommunityWalk(Random random, bool controlNode) => commands = new RandomCommands(random, controlNode);

    /// <summary>Names of the events that happened and codes of the refusals, to see that the walk went everywhere.</summary>
    public HashSet<string> Seen { get; } = [];

    /// <summary>All that happened, in order.</summary>
    public List<IEvent> Events { get; } = [];

    public override string ToString() => $"{last} decided on {state}";

    public void Step()
    {
        commands.Tick();
        var facts = commands.Facts(state);
        last = commands.Next(state, due);
        if (Decide(last, facts) is not { } events)
            return;
        if (++accepted % SnapshotEvery == 0)
            CommunitySpec.Text(Community.Decide(last, Stored(state), facts.Of(Events, last))).ShouldBe(CommunitySpec.Text(events));
        var before = state;
        foreach (var @event in events)
            Fold(@event);
        state.HighestClock.Milliseconds.ShouldBeGreaterThanOrEqualTo(before.HighestClock.Milliseconds);
        CheckPendingWork();
        (Decide(last, facts) ?? []).ShouldBeEmpty("An accepted command was true already, yet it gave events again.");
    }

    private IReadOnlyList<IEvent>? Decide(ICommand command, Facts facts)
    {
        try
        {
            return Community.Decide(command, state, facts.Of(Events, command));
        }
        catch (CommandRefused refused)
        {
            Seen.Add(refused.Code);
            return null;
        }
    }

    /// <summary>The state as its saved row brings it back.</summary>
    private static Community Stored(Community state) => CommunityJson.Read(CommunityJson.Write(state));

    private void Fold(IEvent @event)
    {
        Check(@event);
        Seen.Add(StoredName.Of(@event.GetType()));
        Events.Add(@event);
        state = Community.Evolve(state, @event);
        var (over, next) = PendingWork.Apply(@event);
        due.ExceptWith(over);
        if (next is { } effect)
            due.Add(effect);
    }

    private void Check(IEvent @event)
    {
        switch (@event)
        {
            case ArchiveCreationStarted e:
                e.Parent.ShouldBe(newest?.InfoHash, "A cut continues the newest torrent.");
                e.CommittedBytes.ShouldBe(newest?.DataBytes ?? 0);
                state.Downloading.ShouldBeNull("A cut and a restore write the same files.");
                state.Importing.ShouldBeNull("The end of a restore sets the torrent.");
                CheckLate(e);
                e.Sealing?.EncryptedAfter.ShouldBe(state.EncryptedAfter!.Value);
                (e.Sealing is null).ShouldBe(state.EncryptedAfter is null, "What the setting states is cut.");
                break;
            case ArchiveCreated e:
                CheckWindow(e.From, e.To);
                newest = e;
                break;
            case ArchiveSkipped e:
                CheckWindow(e.From, e.To);
                break;
            case AnnouncementRequested e:
                state.Requested.ShouldBeNull("It is asked for once.");
                e.InfoHash.ShouldBe(state.Torrent!.InfoHash, "The present torrent is announced.");
                state.Seeders.ShouldNotBeEmpty("What is announced is seeded.");
                break;
            case AnnouncementPrepared e:
                state.Requested!.InfoHash.ShouldBe(e.InfoHash, "What is signed was asked for.");
                e.Clock.Milliseconds.ShouldBeGreaterThan(highest.Milliseconds, "A clock only rises.");
                highest = e.Clock;
                e.InfoHash.ShouldBe(state.Torrent!.InfoHash, "The present torrent is announced.");
                state.Seeders.ShouldNotBeEmpty("What is announced is seeded.");
                e.Magnetlink.ToString().Length.ShouldBeLessThan(Magnetlink.MaxCharacters / 2);
                e.SignedMessage.ShouldBe(Sample.Sign(e.Clock, e.Magnetlink));
                break;
            case MagnetlinkIgnored { Reason: IgnoredBecause.OwnMessage } e:
                highest = e.Clock;
                break;
            case DownloadStarted:
                state.Cutting.ShouldBeNull("A cut and a restore write the same files.");
                break;
            case ArchivesParked e:
                e.Archives.ShouldAllBe(parked => !imported.Contains(parked.Archive), "What is imported was opened.");
                break;
            case ArchivesImported e:
                e.Archives.ShouldAllBe(archive => imported.Add(archive), "An archive is imported once.");
                break;
        }
    }

    /// <summary>What is pinned decides for every moment and number whether a cut has taken the message.</summary>
    private void CheckLate(ArchiveCreationStarted cut)
    {
        var windows = cut.ClosedWindows.ShouldNotBeNull();
        windows.Zip(windows.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From, "Closed windows leave no gap.");
        (windows.Count == 0 ? cut.From : windows[^1].To).ShouldBe(cut.From);
        foreach (var (number, until, topic) in taken)
            cut.TakenMessages.ShouldNotBeNull()
                .Any(one => one.From == 0 && one.To >= until && one.HighestNumber >= number && one.ContentTopics.Contains(topic))
                .ShouldBeTrue($"Number {number} was taken by a cut, and would be archived twice.");
        cut.TakenMessages!.ShouldAllBe(one => one.To <= cut.From);
        cut.TakenMessages!.SelectMany(one => one.ContentTopics).ShouldBeUnique();
    }

    private void CheckWindow(ulong from, ulong to)
    {
        from.ShouldBe(closedUntil ?? from, "Windows neither overlap nor leave a gap.");
        to.ShouldBeGreaterThan(from);
        closedUntil = to;
        foreach (var topic in state.Cutting!.ContentTopics)
            taken.Add((state.Cutting.HighestMessageNumber, to, topic));
    }

    /// <summary>At most one row for each effect by its type; here, that each row is justified by the state, and each open effect has its row.</summary>
    private void CheckPendingWork()
    {
        due.Contains(Effect.Cut).ShouldBe(state.Cutting is not null, "Cut");
        due.Contains(Effect.Sign).ShouldBe(state.Requested is not null, "Sign");
        due.Contains(Effect.Announce).ShouldBe(state.Announcing is not null, "Announce");
        due.Contains(Effect.Download).ShouldBe(state.Downloading is not null, "Download");
        due.Contains(Effect.Import).ShouldBe(state.Importing is not null || !state.ToImport.IsEmpty, "Import");
        due.Contains(Effect.ResumeImport).ShouldBe(!state.Parked.IsEmpty, "ResumeImport");
        (state.Downloading is not null || state.Downloaded.IsEmpty).ShouldBeTrue("Downloaded");
        (state.Importing is not null || state.ToImport.IsEmpty).ShouldBeTrue("ToImport");
        due.Contains(Effect.Seed).ShouldBe(state.Torrent is not null && state.Seeders.IsEmpty, "Seed");
    }
}
