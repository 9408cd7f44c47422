using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Model;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class UnknownTests
{
    private static readonly Dictionary<Type, ICommand> Commands = new ICommand[]
    {
        new ChangeChannels(Id),
        new CreateArchive(Id),
        new AnnounceArchive(Id),
        new ReceiveMagnetlink(Id, Signed),
        new RestoreArchive(Id),
        new CompleteArchive(Id, T0, T1, null, [], 0, new Dictionary<string, string>(), "a", null),
        new FailArchiveCreation(Id, T0, T1, "reason"),
        new ConfirmSeeding(Id, Hash(1), "a", null),
        new ReportSeedingStopped(Id, "a", Retired: true),
        new PrepareAnnouncement(Id, Hash(1), NowClock, Magnet(1), Signed),
        new ConfirmAnnouncement(Id, NowClock, []),
        new FailAnnouncement(Id, NowClock, "reason"),
        new ReportArchivesDownloaded(Id, Hash(1), [], 0),
        new CompleteDownload(Id, Hash(1), [], 0),
        new FailDownload(Id, Hash(1), "reason"),
        new ReportArchivesImported(Id, Hash(1), [], 0, 0),
        new QuarantineArchive(Id, Hash(1), Archive(1), "reason"),
        new ParkDownload(Id, Hash(1), Key(1)),
        new ParkArchives(Id, Hash(1), new Dictionary<string, RatchetKeyId> { [Archive(1).ToString()] = Key(1) }),
        new ResumeImport(Id, Hash(1)),
        new ReportHistoryGap(Id, [General], T0, T1, "reason"),
        new ReportHistoryFilled(Id, [General], T0, T1),
    }.ToDictionary(command => command.GetType());

    public static TheoryData<string> Names => [.. Commands.Keys.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_about_an_unknown_community_is_refused_because_nobody_put_it_in_our_care(string command) =>
        Given().When(Commands.Single(pair => pair.Key.Name == command).Value).ThenRefused("unknown_community");

    [Fact]
    public void The_list_above_names_every_command_but_the_one_that_begins_because_a_new_one_needs_these_tests_too() =>
        typeof(ICommand)
            .Assembly.GetTypes()
            .Concat(typeof(IReport).Assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(ICommand)) && !type.IsInterface && type != typeof(EnableHistoryArchives))
            .ShouldBe(Commands.Keys, ignoreOrder: true);

    [Fact]
    public void A_command_that_the_decider_does_not_know_is_refused_because_a_newer_producer_may_send_it() =>
        Given(Enabled).When(new Foreign(Id)).ThenRefused("unknown_command");

    [Fact]
    public void The_refusal_names_the_community_because_a_producer_sends_for_many() =>
        Should
            .Throw<CommandRefused>(() => Community.Decide(new AnnounceArchive(Id), Community.Initial, new Facts(Now)))
            .Message.ShouldContain(Id.ToString());

    [Fact]
    public void A_stream_is_named_after_its_community_because_one_decider_keeps_one_history() =>
        Community.StreamId(Id).ShouldBe("community-0x02" + new string('a', 64));

    private sealed record Foreign(CommunityId CommunityId) : ICommand;
}
