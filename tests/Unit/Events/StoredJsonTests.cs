using System.Text.Json;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Events;

public sealed class StoredJsonTests
{
    private static readonly Dictionary<string, IEvent> Events = new IEvent[]
    {
        Enabled,
        new ChannelsChanged(Id, [General]),
        Cutting(T1, T2, parent: 1),
        Created(1),
        new ArchiveSkipped(Id, T0, T1),
        new ArchiveCreationFailed(Id, T0, T1, "disk full"),
        Seeding(1),
        Stopped(1, left: 0),
        Requested(1, AnnouncementReason.Command),
        Prepared(NowClock, 1, 1),
        Published(NowClock, 1, 1),
        new AnnouncementFailed(Id, NowClock, Hash(1), "no Waku node"),
        Received(NowClock, 1),
        Ignored(NowClock, 1, IgnoredBecause.OwnMessage),
        Downloading(1, 1),
        Sample.ArchivesDownloaded(1, 2, 1),
        Downloaded(1, 2),
        new DownloadFailed(Id, Hash(1), "no peer"),
        new DownloadCancelled(Id, Hash(1), Hash(2)),
        Importing(1, 1, 2),
        Sample.ArchivesImported(1, 1),
        new ArchiveQuarantined(Id, Hash(1), Archive(1), "broken"),
        Parked(1, 1, 2),
        new DownloadParked(Id, Hash(1), Key(1)),
        Imported(1),
        new HistoryGapFound(Id, [General], T0, T1, "no store"),
        new HistoryGapFilled(Id, [General], T0, T1),
    }.ToDictionary(@event => StoredName.Of(@event.GetType()));

    public static TheoryData<string> Names => [.. StoredName.All.Select(name => name.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_comes_back_from_its_JSON_as_it_went_because_the_store_keeps_nothing_else(string name)
    {
        var json = JsonSerializer.Serialize(Events[name], Events[name].GetType());
        var back = (IEvent)JsonSerializer.Deserialize(json, StoredName.TypeOf(name)!)!;
        CommunitySpec.Text([back]).ShouldBe(CommunitySpec.Text([Events[name]]));
    }

    [Fact]
    public void Names_are_those_of_the_records_and_reasons_are_numbers_because_that_is_what_Marten_reads_without_options() =>
        JsonSerializer
            .Serialize(Ignored(new Clock(5), 1, IgnoredBecause.OwnMessage))
            .ShouldBe($$"""{"CommunityId":"{{Id}}","Clock":5,"InfoHash":"{{Hash(1)}}","Reason":3}""");
}
