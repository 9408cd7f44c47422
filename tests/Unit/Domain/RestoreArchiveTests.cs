using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class RestoreArchiveTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);
    private static readonly IEvent[] Restoring = [.. Announced(Earlier), Downloading(1, 1)];
    private static readonly IEvent[] Restored = [.. Restoring, ArchivesDownloaded(1, 1, 1), Downloaded(1, 1), Importing(1, 1)];

    [Fact]
    public void The_last_torrent_is_downloaded_from_its_known_seeders_because_they_may_still_hold_it() =>
        Given([.. Announced(Earlier), Seeding(1, "b", 2)]).When(new RestoreArchive(Id)).Then(Downloading(1, 1, 2));

    [Fact]
    public void What_came_back_is_imported_because_the_messages_may_be_lost_too() =>
        Given(Restoring)
            .When(new CompleteDownload(Id, Hash(1), [Archive(1)], DataBytes(1)))
            .Then(ArchivesDownloaded(1, 1, 1), Downloaded(1, 1), Importing(1, 1));

    [Fact]
    public void The_first_seeding_afterwards_announces_anew_because_the_old_addresses_may_be_gone() =>
        Given([.. Restored, ArchivesImported(1, 1), Imported(1)])
            .When(new ConfirmSeeding(Id, Hash(1), "a", Peer(9)))
            .Then(Seeding(1, "a", 9), Requested(1));

    [Fact]
    public void It_announces_anew_even_when_another_node_seeded_meanwhile_because_this_one_is_back() =>
        Given([.. Restoring, Seeding(1, "b", 2), Downloaded(1, 1), Imported(1)])
            .When(new ConfirmSeeding(Id, Hash(1), "a", Peer(1)))
            .Then(Seeding(1), Requested(1));

    [Fact]
    public void What_was_asked_for_before_the_restore_is_asked_for_anew_because_the_magnet_shall_name_who_has_it_now() =>
        Given([.. Announced(Earlier), Requested(1), Downloading(1, 1), Downloaded(1, 1), Imported(1)])
            .When(new ConfirmSeeding(Id, Hash(1), "a", Peer(9)))
            .Then(Seeding(1, "a", 9), Requested(1));

    [Fact]
    public void A_second_seeder_during_the_restore_does_not_announce_because_the_torrent_was_announced() =>
        Given(Restoring).When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2))).Then(Seeding(1, "b", 2));

    [Fact]
    public void A_second_restore_asks_no_peers_of_the_first_because_the_magnet_would_grow_with_each() =>
        Given([.. Restored, ArchivesImported(1, 1), Imported(1), Seeding(1, "a", 9), Prepared(NowClock, 1, 9)])
            .When(new RestoreArchive(Id))
            .Then(Downloading(1, 9));

    [Fact]
    public void Of_many_seeders_only_as_many_are_asked_as_a_magnet_may_hold()
    {
        var seeders = Enumerable.Range(1, 250).Select(peer => Seeding(1, $"node-{peer:d3}", peer));
        Given([Enabled, Cutting(), Created(1), .. seeders])
            .When(new RestoreArchive(Id))
            .Then(Downloading(1, [.. Enumerable.Range(1, Magnetlink.MaxPeers)]));
    }

    [Fact]
    public void While_it_is_downloaded_it_is_quiet_because_the_wish_is_under_way() =>
        Given(Restoring).When(new RestoreArchive(Id)).ThenNothing();

    [Fact]
    public void While_it_is_imported_it_is_quiet_because_the_wish_is_under_way() =>
        Given(Restored).When(new RestoreArchive(Id)).ThenNothing();

    [Fact]
    public void After_a_failure_it_begins_again_because_it_was_asked_for_again() =>
        Given([.. Restoring, new DownloadFailed(Id, Hash(1), "no peer")]).When(new RestoreArchive(Id)).Then(Downloading(1, 1));

    [Fact]
    public void While_a_window_is_cut_it_is_refused_because_the_cut_writes_the_same_files() =>
        Given([.. Announced(Earlier), Cutting(T1, T2, parent: 1)]).When(new RestoreArchive(Id)).ThenRefused("archive_creation_running");

    [Fact]
    public void Before_the_first_torrent_it_is_refused_because_there_is_nothing_to_restore() =>
        Given(Enabled).When(new RestoreArchive(Id)).ThenRefused("nothing_archived");

    [Fact]
    public void A_member_is_refused_because_it_follows_announcements_instead() =>
        Given(Followed(Earlier, 1)).When(new RestoreArchive(Id)).ThenRefused("not_control_node");

    [Fact]
    public void The_files_are_where_they_were_cut_or_fetched_last_and_with_each_seeder()
    {
        Given(Enabled, Cutting()).Community.FindHolders().ShouldBeEmpty();
        Given(Enabled, Cutting(), Created(1)).Community.FindHolders().ShouldBe(["a"]);
        Given([.. Announced(Earlier), Seeding(1, "b", 2)]).Community.FindHolders().ShouldBe(["a", "b"]);
        Given([.. Restoring, Downloaded(1, 1) with { Node = "c" }, Imported(1)]).Community.FindHolders().ShouldBe(["c"]);
    }

    [Fact]
    public void A_cut_that_ends_while_parked_archives_are_imported_is_kept_because_the_next_cut_continues_it() =>
        Given([
            .. Restored,
            Parked(1, 1),
            Imported(1),
            Cutting(T1, T2, parent: 1),
            Importing(1, 1),
            Created(2, T1, T2),
            ArchivesImported(1, 1),
            Imported(1),
        ])
            .Community.Torrent!.InfoHash.ShouldBe(Hash(2));

    [Fact]
    public void The_torrent_is_the_same_as_before_the_loss_because_the_next_cut_continues_it() =>
        Given([.. Restoring, Downloaded(1, 1) with { Node = "a", Peer = Peer(1) }, Imported(1)])
            .Community.Torrent.ShouldBe(Given(Announced(Earlier)).Community.Torrent);
}
