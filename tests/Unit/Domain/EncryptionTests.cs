using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class EncryptionTests
{
    private static readonly HistoryArchivesEnabled Encrypting = Enabled with { EncryptedAfter = T0 };
    private static readonly HistoryArchivesEnabled EncryptingMember = Member with { EncryptedAfter = 0 };
    private static readonly EnableHistoryArchives Wish = new(Id, ControlNode: true, ContentTopics: [General]);
    private static readonly CreateArchive Cut = new(Id, T1, T2);
    private static readonly IEvent[] Filling =
    [
        EncryptingMember,
        Received(new Clock(5), 1),
        Downloading(1),
        Downloaded(1, 3),
        Importing(1, 1, 2, 3),
    ];

    [Fact]
    public void That_a_community_encrypts_is_stated_when_it_is_enabled_because_the_bytes_are_never_guessed_at() =>
        Given().When(Wish with { EncryptedAfter = T0 }).Then(Encrypting);

    [Fact]
    public void A_community_may_begin_to_encrypt_because_its_owner_may_restrict_it_at_any_time() =>
        Given(Enabled).When(Wish with { EncryptedAfter = T0 }).Then(Encrypting);

    [Fact]
    public void The_same_statement_again_is_quiet_because_it_is_true_already() =>
        Given(Encrypting).When(Wish with { EncryptedAfter = T0 }).ThenNothing();

    [Fact]
    public void Other_channels_of_an_encrypted_community_change_the_channels_alone() =>
        Given(Encrypting)
            .When(Wish with { EncryptedAfter = T0, ContentTopics = [General, Offtopic] })
            .Then(new ChannelsChanged(Id, [General, Offtopic]));

    [Theory]
    [InlineData(null)]
    [InlineData(T1)]
    public void A_statement_is_not_taken_back_because_what_was_meant_for_members_would_be_cut_in_the_clear(ulong? other) =>
        Given(Encrypting).When(Wish with { EncryptedAfter = other }).ThenRefused("encryption_stated");

    [Fact]
    public void A_cut_pins_the_key_and_the_next_number_because_every_try_must_write_the_same_bytes() =>
        Given(Encrypting).Knowing(Ratchet(17)).When(Cut).Then(Started(Sealing(18, parentSealed: false)));

    [Fact]
    public void A_cut_that_continues_an_encrypted_torrent_says_so_because_its_index_has_to_be_opened() =>
        Given(Encrypting, Started(Sealing(1, parentSealed: false)), Created(1, T1, T2))
            .Knowing(Ratchet(3))
            .When(new CreateArchive(Id, T2, T3))
            .Then(
                Started(Sealing(4, parentSealed: true)) with
                {
                    From = T2,
                    To = T3,
                    Parent = Hash(1),
                    CommittedBytes = DataBytes(1),
                    ClosedWindows = [new ClosedWindows(T1, T2, Week)],
                    TakenMessages = [Taken(T2)],
                }
            );

    [Fact]
    public void A_cut_after_the_community_began_to_encrypt_continues_an_index_in_the_clear() =>
        Given(Enabled, Cutting(), Created(1), Encrypting)
            .Knowing(Ratchet(0))
            .When(Cut)
            .Then(
                Started(Sealing(1, parentSealed: false)) with
                {
                    Parent = Hash(1),
                    CommittedBytes = DataBytes(1),
                    ClosedWindows = [new ClosedWindows(T0, T1, Week)],
                    TakenMessages = [Taken(T1)],
                }
            );

    [Fact]
    public void A_community_in_the_clear_is_cut_in_the_clear_whatever_keys_there_are() =>
        Given(Enabled).Knowing(Ratchet(17)).When(Cut).Then(Started(sealing: null));

    [Fact]
    public void Without_a_key_nothing_is_cut_because_in_the_clear_it_must_not_be() =>
        Given(Encrypting).Knowing(Recorded).When(Cut).ThenRefused("ratchet_key_missing");

    [Fact]
    public void A_key_without_numbers_left_is_refused_because_none_is_used_twice() =>
        Given(Encrypting).Knowing(Ratchet(uint.MaxValue - 5)).When(Cut).ThenRefused("ratchet_key_used_up");

    [Fact]
    public void An_index_that_cannot_be_opened_parks_the_download_once_for_each_key()
    {
        var parked = new DownloadParked(Id, Hash(1), Key(1));
        IEvent[] loading = [EncryptingMember, Received(new Clock(5), 1), Downloading(1)];

        Given(loading).When(new ParkDownload(Id, Hash(1), Key(1))).Then(parked);
        Given([.. loading, parked]).When(new ParkDownload(Id, Hash(1), Key(1))).ThenNothing();
        Given([.. loading, parked]).When(new ParkDownload(Id, Hash(1), Key(2))).Then(new DownloadParked(Id, Hash(1), Key(2)));
        Given([.. loading, parked]).When(new ParkDownload(Id, Hash(2), Key(1))).ThenNothing();
    }

    [Fact]
    public void Archives_without_a_key_are_parked_and_the_rest_goes_on() => Given(Filling).When(Park(1, 2, 1)).Then(Parked(1, 1, 2));

    [Fact]
    public void The_last_parked_archive_ends_the_import_because_the_torrent_is_worth_seeding_without_a_key() =>
        Given([.. Filling, ArchivesImported(1, 3)]).When(Park(1, 1, 2)).Then(Parked(1, 1, 2), Imported(1));

    [Fact]
    public void What_is_parked_already_or_imported_or_of_another_torrent_is_not_parked()
    {
        Given([.. Filling, Parked(1, 1)]).When(Park(1, 1)).ThenNothing();
        Given([.. Filling, ArchivesImported(1, 1)]).When(Park(1, 1)).ThenNothing();
        Given(Filling).When(Park(2, 1)).ThenNothing();
    }

    [Fact]
    public void A_key_that_came_takes_up_the_import_of_all_that_is_parked_because_each_archive_names_its_own() =>
        Given([.. Filling, ArchivesImported(1, 3), Parked(1, 1, 2), Imported(1)])
            .When(new ResumeImport(Id, Hash(1)))
            .Then(Importing(1, 1, 2));

    [Fact]
    public void What_was_resumed_is_imported_or_parked_again_and_the_import_ends_as_the_first_did()
    {
        IEvent[] resumed = [.. Filling, ArchivesImported(1, 3), Parked(1, 1, 2), Imported(1), Importing(1, 1, 2)];

        Given(resumed).When(new ResumeImport(Id, Hash(1))).ThenNothing();
        Given([.. resumed, ArchivesImported(1, 1)]).When(Park(1, 2)).Then(Parked(1, 2), Imported(1));
        Given([.. resumed, ArchivesImported(1, 1), Parked(1, 2), Imported(1)]).When(new ResumeImport(Id, Hash(1))).Then(Importing(1, 2));
    }

    [Fact]
    public void A_newer_torrent_takes_up_what_is_parked_by_itself()
    {
        IEvent[] parked = [.. Filling, ArchivesImported(1, 3), Parked(1, 1, 2), Imported(1), Received(new Clock(6), 2), Downloading(2)];

        Given(parked).When(new ResumeImport(Id, Hash(1))).ThenNothing();
        Given(parked)
            .When(new CompleteDownload(Id, Hash(2), [Archive(1), Archive(2), Archive(3), Archive(4)], DataBytes(2)))
            .Then(ArchivesDownloaded(2, 4, 1, 2, 3, 4), Downloaded(2, 4), Importing(2, 1, 2, 4));
    }

    private static Facts Recorded(Facts facts) => facts with { OldestMessage = T0, HighestMessageNumber = HighestNumber };

    private static Func<Facts, Facts> Ratchet(uint highest) =>
        facts => Recorded(facts) with { Ratchet = new RatchetPosition(Key(7), highest) };

    private static ArchiveSealing Sealing(uint first, bool parentSealed) => new(Key(7), first, T0, parentSealed);

    private static ArchiveCreationStarted Started(ArchiveSealing? sealing) =>
        new(Id, T1, T2, Week, [General], HighestNumber, null, 0, [], [], sealing);

    private static ParkArchives Park(int torrent, params int[] archives) =>
        new(Id, Hash(torrent), archives.ToDictionary(archive => Archive(archive).ToString(), Key));
}
