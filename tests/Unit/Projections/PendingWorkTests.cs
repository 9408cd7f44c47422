using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class PendingWorkTests
{
    private static readonly Clock Five = new(5);

    private static readonly Dictionary<string, (IEvent Event, Effect[] Over, Effect? Due)> Rules = new (IEvent, Effect[], Effect?)[]
    {
        (Enabled, [], null),
        (new ChannelsChanged(Id, []), [], null),
        (Cutting(), [], Effect.Cut),
        (Created(1), [Effect.Cut, Effect.Sign], Effect.Seed),
        (new ArchiveSkipped(Id, T0, T1), [Effect.Cut], null),
        (new ArchiveCreationFailed(Id, T0, T1, "disk full"), [Effect.Cut], null),
        (Seeding(1), [Effect.Seed], null),
        (Stopped(1, left: 0), [Effect.Sign], Effect.Seed),
        (Requested(1), [], Effect.Sign),
        (Prepared(Five, 1), [Effect.Sign], Effect.Announce),
        (Published(Five, 1), [Effect.Announce], null),
        (new AnnouncementFailed(Id, Five, Hash(1), "no Waku node"), [Effect.Announce], null),
        (Received(Five, 1), [], null),
        (Ignored(Five, 1, IgnoredBecause.OlderClock), [], null),
        (Downloading(1), [Effect.Import, Effect.ResumeImport], Effect.Download),
        (Sample.ArchivesDownloaded(1, 1, 1), [], null),
        (Downloaded(1, 1), [Effect.Download], null),
        (new DownloadParked(Id, Hash(1), Key(1)), [], null),
        (new DownloadFailed(Id, Hash(1), "no peer"), [Effect.Download], null),
        (new DownloadCancelled(Id, Hash(1), Hash(2)), [Effect.Download], null),
        (Importing(1, 1), [Effect.ResumeImport], Effect.Import),
        (Parked(1, 1), [], Effect.ResumeImport),
        (Sample.ArchivesImported(1, 1), [], null),
        (new ArchiveQuarantined(Id, Hash(1), Archive(1), "broken"), [], null),
        (Imported(1), [Effect.Import, Effect.Sign], Effect.Seed),
        (new HistoryGapFound(Id, [General], T0, T1, "no store"), [], null),
        (new HistoryGapFilled(Id, [General], T0, T1), [], null),
    }.ToDictionary(rule => StoredName.Of(rule.Item1.GetType()));

    public static TheoryData<string> Names => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_event_ends_the_effects_it_reports_and_makes_due_the_one_it_asks_for(string name)
    {
        var (@event, over, due) = Rules[name];
        var change = PendingWork.Apply(@event);
        change.Over.ShouldBe(over, ignoreOrder: true);
        change.Due.ShouldBe(due);
    }

    [Fact]
    public void Nothing_is_due_or_over_when_a_seeder_stops_and_others_are_left()
    {
        var (over, due) = PendingWork.Apply(Stopped(1, left: 1));
        over.ShouldBeEmpty();
        due.ShouldBeNull();
    }

    [Fact]
    public void The_list_above_names_every_event_because_a_new_one_may_begin_or_end_an_effect() =>
        Rules.Keys.ShouldBe(StoredName.All.Select(name => name.Key), ignoreOrder: true);

    [Fact]
    public void A_control_node_at_rest_has_nothing_due_because_every_effect_was_reported() => Due(Announced(Five)).ShouldBeEmpty();

    [Fact]
    public void A_member_at_rest_has_nothing_due_because_every_effect_was_reported() => Due(Followed(Five, 1)).ShouldBeEmpty();

    [Fact]
    public void A_download_that_takes_the_place_of_another_is_due_because_its_start_comes_after_the_cancellation() =>
        Due([Member, Received(Five, 1), Downloading(1), Received(new(6), 2), new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2)])
            .ShouldBe([Effect.Download]);

    [Fact]
    public void A_download_during_an_import_ends_the_import_because_the_newer_torrent_covers_it() =>
        Due([Member, Received(Five, 1), Downloading(1), Downloaded(1, 1), Importing(1, 1), Received(new(6), 2), Downloading(2)])
            .ShouldBe([Effect.Download]);

    private static HashSet<Effect> Due(IEnumerable<IEvent> events)
    {
        HashSet<Effect> due = [];
        foreach (var @event in events)
        {
            var (over, next) = PendingWork.Apply(@event);
            due.ExceptWith(over);
            if (next is { } effect)
                due.Add(effect);
        }
        return due;
    }
}
