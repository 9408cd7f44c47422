using System.Text.Json;
using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Model;
using FluentValidation;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Commands;

public sealed class ValidatorTests
{
    private const ulong MaxSeconds = CreateArchiveValidator.MaxUnixSeconds;

    private static readonly string LongestChatId = new('c', ChannelsValidator<ChangeChannels>.MaxChatIdCharacters);

    private static readonly Dictionary<string, ICommand> Good = new()
    {
        ["enable a member without channels"] = new EnableHistoryArchives(Id, false),
        ["enable a control node by chat ids"] = new EnableHistoryArchives(Id, true, ["a"]),
        ["enable a control node by topics"] = new EnableHistoryArchives(Id, true, null, [General], new PubsubTopic(16, 64)),
        ["enable with an empty list beside the other"] = new EnableHistoryArchives(Id, true, ["a"], []),
        ["change to no channels"] = new ChangeChannels(Id),
        ["change to the longest chat id"] = new ChangeChannels(Id, [LongestChatId]),
        ["change to the most chat ids"] = new ChangeChannels(Id, [.. Many(1000)]),
        ["change to the most topics"] = new ChangeChannels(Id, null, [.. Many(1000).Select(ContentTopic.OfChat)]),
        ["create without a window"] = new CreateArchive(Id),
        ["create from the beginning of time"] = new CreateArchive(Id, From: 0, To: 1),
        ["create to the year 2242"] = new CreateArchive(Id, MaxSeconds - 1, MaxSeconds),
        ["create with the shortest partition"] = new CreateArchive(Id, PartitionSeconds: 60),
        ["create with the longest partition"] = new CreateArchive(Id, PartitionSeconds: 366 * 86_400),
        ["announce"] = new AnnounceArchive(Id),
        ["restore"] = new RestoreArchive(Id),
        ["receive one byte"] = new ReceiveMagnetlink(Id, [1]),
        ["receive 16 KiB"] = new ReceiveMagnetlink(Id, new byte[16 * 1024]),
    };

    private static readonly Dictionary<string, (ICommand Command, string Says)> Bad = new()
    {
        ["enable without a community"] = (new EnableHistoryArchives(null!, false), "Community"),
        ["enable a control node without channels"] = (new EnableHistoryArchives(Id, true), "give ChatIds or ContentTopics"),
        ["enable a control node with empty lists"] = (new EnableHistoryArchives(Id, true, [], []), "give ChatIds or ContentTopics"),
        ["enable with both"] = (new EnableHistoryArchives(Id, false, ["a"], [General]), "not both"),
        ["enable with an empty chat id"] = (new EnableHistoryArchives(Id, true, [""]), "1 to 256 characters"),
        ["change without a community"] = (new ChangeChannels(null!), "Community"),
        ["change with both"] = (new ChangeChannels(Id, ["a"], [General]), "not both"),
        ["change with a null chat id"] = (new ChangeChannels(Id, ["a", null!]), "1 to 256 characters"),
        ["change with too long a chat id"] = (new ChangeChannels(Id, [LongestChatId + "c"]), "1 to 256 characters"),
        ["change with too many chat ids"] = (new ChangeChannels(Id, [.. Many(1001)]), "At most 1000 channels"),
        ["change with too many topics"] = (new ChangeChannels(Id, null, [.. Many(1001).Select(ContentTopic.OfChat)]), "At most 1000"),
        ["change with a null topic"] = (new ChangeChannels(Id, null, [null!]), "none of them null"),
        ["create without a community"] = (new CreateArchive(null!), "Community"),
        ["create from milliseconds"] = (new CreateArchive(Id, From: MaxSeconds + 1), "From"),
        ["create to milliseconds"] = (new CreateArchive(Id, To: MaxSeconds + 1), "To"),
        ["create an empty window"] = (new CreateArchive(Id, 5, 5), "To lies after From"),
        ["create a window that runs back"] = (new CreateArchive(Id, 6, 5), "To lies after From"),
        ["create with no partition"] = (new CreateArchive(Id, PartitionSeconds: 0), "Partition Seconds"),
        ["create with too short a partition"] = (new CreateArchive(Id, PartitionSeconds: 59), "Partition Seconds"),
        ["create with too long a partition"] = (new CreateArchive(Id, PartitionSeconds: (366 * 86_400) + 1), "Partition Seconds"),
        ["announce without a community"] = (new AnnounceArchive(null!), "Community"),
        ["restore without a community"] = (new RestoreArchive(null!), "Community"),
        ["receive without a community"] = (new ReceiveMagnetlink(null!, [1]), "Community"),
        ["receive null"] = (new ReceiveMagnetlink(Id, null!), "Signed Message"),
        ["receive no bytes"] = (new ReceiveMagnetlink(Id, []), "Signed Message"),
        ["receive more than 16 KiB"] = (new ReceiveMagnetlink(Id, new byte[(16 * 1024) + 1]), "at most 16384 bytes"),
    };

    public static TheoryData<string> GoodNames => [.. Good.Keys];

    public static TheoryData<string> BadNames => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void A_command_within_the_limits_is_taken(string name) => Faults(Good[name]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_command_beyond_a_limit_is_refused_for_that_one_reason_because_its_sender_must_mend_it(string name) =>
        Faults(Bad[name].Command).ShouldHaveSingleItem().ShouldContain(Bad[name].Says);

    [Fact]
    public void Every_public_command_has_a_validator_because_anyone_on_the_bus_can_send_it() =>
        typeof(ICommand)
            .Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(ICommand)) && !type.IsInterface)
            .ShouldAllBe(type => Validator(type) != null);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"CommunityId":null}""")]
    public void A_command_without_a_community_is_read_and_then_refused_because_the_answer_names_the_field(string json) =>
        Faults(JsonSerializer.Deserialize<CreateArchive>(json)! with { PartitionSeconds = Week })
            .ShouldHaveSingleItem()
            .ShouldContain("Community");

    [Fact]
    public void A_missing_field_takes_its_default_because_producers_send_only_what_they_want_otherwise() =>
        JsonSerializer.Deserialize<CreateArchive>($$"""{"CommunityId":"{{Id}}"}""").ShouldBe(new CreateArchive(Id));

    private static IEnumerable<string> Many(int chats) => Enumerable.Range(0, chats).Select(chat => $"chat-{chat}");

    private static string[] Faults(ICommand command) =>
        [.. Validator(command.GetType())!.Validate(new ValidationContext<object>(command)).Errors.Select(error => error.ErrorMessage)];

    private static IValidator? Validator(Type command)
    {
        var type = typeof(ICommand)
            .Assembly.GetTypes()
            .SingleOrDefault(type => type.IsAssignableTo(typeof(IValidator<>).MakeGenericType(command)));
        return type is null ? null : (IValidator)Activator.CreateInstance(type)!;
    }
}
