using System.Text.RegularExpressions;
using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Events;

public sealed partial class StoredNameTests
{
    /// <summary>What databases hold. A line is added for a new event, and none is ever changed or taken away.</summary>
    private static readonly string[] Pinned =
    [
        "history_archives_enabled EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events",
        "channels_changed EventArchive.Events.ChannelsChanged, EventArchive.Events",
        "archive_creation_started EventArchive.Events.ArchiveCreationStarted, EventArchive.Events",
        "archive_created EventArchive.Events.ArchiveCreated, EventArchive.Events",
        "archive_skipped EventArchive.Events.ArchiveSkipped, EventArchive.Events",
        "archive_creation_failed EventArchive.Events.ArchiveCreationFailed, EventArchive.Events",
        "seeding_started EventArchive.Events.SeedingStarted, EventArchive.Events",
        "announcement_requested EventArchive.Events.AnnouncementRequested, EventArchive.Events",
        "announcement_prepared EventArchive.Events.AnnouncementPrepared, EventArchive.Events",
        "magnetlink_published EventArchive.Events.MagnetlinkPublished, EventArchive.Events",
        "announcement_failed EventArchive.Events.AnnouncementFailed, EventArchive.Events",
        "magnetlink_received EventArchive.Events.MagnetlinkReceived, EventArchive.Events",
        "magnetlink_ignored EventArchive.Events.MagnetlinkIgnored, EventArchive.Events",
        "download_started EventArchive.Events.DownloadStarted, EventArchive.Events",
        "archives_downloaded EventArchive.Events.ArchivesDownloaded, EventArchive.Events",
        "download_completed EventArchive.Events.DownloadCompleted, EventArchive.Events",
        "download_failed EventArchive.Events.DownloadFailed, EventArchive.Events",
        "download_cancelled EventArchive.Events.DownloadCancelled, EventArchive.Events",
        "import_started EventArchive.Events.ImportStarted, EventArchive.Events",
        "archives_imported EventArchive.Events.ArchivesImported, EventArchive.Events",
        "archive_quarantined EventArchive.Events.ArchiveQuarantined, EventArchive.Events",
        "archives_parked EventArchive.Events.ArchivesParked, EventArchive.Events",
        "download_parked EventArchive.Events.DownloadParked, EventArchive.Events",
        "history_imported EventArchive.Events.HistoryImported, EventArchive.Events",
        "history_gap_found EventArchive.Events.HistoryGapFound, EventArchive.Events",
        "history_gap_filled EventArchive.Events.HistoryGapFilled, EventArchive.Events",
        "seeding_stopped EventArchive.Events.SeedingStopped, EventArchive.Events",
    ];

    private static readonly Type[] Events =
    [
        .. typeof(IEvent).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IEvent)) && !type.IsInterface),
    ];

    [Fact]
    public void Every_event_has_the_name_under_which_databases_hold_it() =>
        StoredName
            .All.Select(name => $"{name.Key} {name.Value.FullName}, {name.Value.Assembly.GetName().Name}")
            .ShouldBe(Pinned, ignoreOrder: true);

    [Fact]
    public void No_event_is_without_a_name_because_it_could_not_be_stored() =>
        StoredName.All.Select(name => name.Value).ShouldBe(Events, ignoreOrder: true);

    [Fact]
    public void Names_are_the_default_aliases_of_Marten_because_its_stores_read_our_table() =>
        Events.ShouldAllBe(type => StoredName.Of(type) == MartenAlias(type.Name));

    [Theory]
    [InlineData("AccountOpened", "account_opened")]
    [InlineData("HTTPRequestMade", "http_request_made")]
    [InlineData("OrderV2Placed", "order_v2_placed")]
    [InlineData("X509CertAdded", "x509_cert_added")]
    [InlineData("eXotic", "e_xotic")]
    [InlineData("Snake_Case", "snake___case")]
    public void The_alias_rule_of_these_tests_is_the_one_that_was_seen_in_Marten(string type, string alias) =>
        MartenAlias(type).ShouldBe(alias);

    [Fact]
    public void A_name_and_its_type_lead_to_each_other() =>
        StoredName.All.ShouldAllBe(name => StoredName.TypeOf(name.Key) == name.Value && StoredName.Of(name.Value) == name.Key);

    [Fact]
    public void An_unknown_name_has_no_type_because_a_newer_version_may_have_stored_it() =>
        StoredName.TypeOf("from_the_future").ShouldBeNull();

    [Fact]
    public void Reasons_to_ignore_keep_their_numbers_because_the_number_is_stored() =>
        Enum.GetValues<IgnoredBecause>()
            .Select(reason => $"{(int)reason} {reason}")
            .ShouldBe(["0 OlderClock", "1 ClockUsedTwice", "2 ClockTooFarAhead", "3 OwnMessage"]);

    private static string MartenAlias(string type) =>
        LowerAfterUpper().Replace(UpperBeforeWord().Replace(type, "$1 $2"), "$1 $2").ToLowerInvariant().Replace(' ', '_');

    [GeneratedRegex(@"(\P{Ll})(\P{Ll}\p{Ll})")]
    private static partial Regex UpperBeforeWord();

    [GeneratedRegex(@"(\p{Ll})(\P{Ll})")]
    private static partial Regex LowerAfterUpper();
}
