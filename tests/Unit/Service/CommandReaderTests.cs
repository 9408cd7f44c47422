using System.Text;
using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Service;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Service;

public sealed class CommandReaderTests
{
    private static readonly Type[] Reports =
    [
        .. typeof(IReport).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IReport))),
    ];

    private const string Id = "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void The_commands_that_others_may_send_are_these_and_reports_are_not_among_them() =>
        CommandReader.Names.ShouldBe([
            "AnnounceArchive",
            "ChangeChannels",
            "CreateArchive",
            "EnableHistoryArchives",
            "ReceiveMagnetlink",
            "RestoreArchive",
        ]);

    [Fact]
    public void The_bus_takes_the_same_commands_and_no_report_because_reports_are_made_in_process_alone()
    {
        BusEndpoints.CommandTypes.Select(type => type.Name).ShouldBe(CommandReader.Names, ignoreOrder: true);
        BusEndpoints.CommandTypes.ShouldAllBe(type => !type.IsAssignableTo(typeof(IReport)));
        Reports.Length.ShouldBeGreaterThan(15);
        var consumers = new ServiceCollection();
        consumers.AddMassTransit(bus => bus.AddEventArchiveConsumers());
        foreach (var report in Reports)
        {
            CommandReader.Find(report.Name).ShouldBeNull();
            consumers.ShouldAllBe(one => one.ServiceType != typeof(CommandConsumer<>).MakeGenericType(report));
        }
        consumers.ShouldContain(one => one.ServiceType == typeof(CommandConsumer<CreateArchive>));
    }

    [Fact]
    public void The_package_of_the_contract_has_no_report_because_others_would_send_it() =>
        typeof(ICommand)
            .Assembly.GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(ICommand)) && !type.IsInterface)
            .ShouldBe(BusEndpoints.CommandTypes, ignoreOrder: true);

    [Fact]
    public void Fields_are_read_in_any_case_and_those_with_a_default_may_be_left_out()
    {
        var command = Read("CreateArchive", $$"""{"CommunityID":"{{Id}}","to":7}""").Command.ShouldBeOfType<CreateArchive>();

        command.CommunityId.ToString().ShouldBe(Id);
        command.To.ShouldBe(7UL);
        command.From.ShouldBeNull();
        command.PartitionSeconds.ShouldBe(604_800U);
    }

    [Theory]
    [InlineData(
        "ChangeChannels",
        """{"communityId":"ID","chatIds":"one"}""",
        "chatIds",
        "chatIds has a wrong value: it is a list of texts."
    )]
    [InlineData("ChangeChannels", """{"communityId":"ID","chatIds":[1]}""", "chatIds[0]", "a list of texts")]
    [InlineData("ChangeChannels", """{"communityId":"ID","contentTopics":["/x"]}""", "contentTopics[0]", "topic")]
    [InlineData("EnableHistoryArchives", """{"communityId":"ID","controlNode":"yes"}""", "controlNode", "true or false")]
    [InlineData("EnableHistoryArchives", """{"communityId":"ID","controlNode":null}""", "controlNode", "true or false")]
    [InlineData("CreateArchive", """{"communityId":7}""", "communityId", "communityId")]
    [InlineData("CreateArchive", """{"communityId":"ID","to":"7"}""", "to", "a whole number")]
    [InlineData("CreateArchive", """{"communityId":"ID","to":7.5}""", "to", "a whole number")]
    [InlineData("CreateArchive", """{"communityId":"ID","partitionSeconds":4294967296}""", "partitionSeconds", "4294967295")]
    [InlineData("CreateArchive", """{"communityId":"ID","to":1,"TO":2}""", "TO", "TO is there twice")]
    [InlineData("CreateArchive", """{"communityId":"ID"} {}""", "", "is not JSON")]
    [InlineData("CreateArchive", "null", "", "JSON object")]
    [InlineData("ChangeChannels", """{"communityId":"ID","chatIds":[[[[[[[[[[]]]]]]]]]]}""", "", "depth")]
    public void A_wrong_value_is_named_with_its_field_and_no_type_of_ours(string name, string json, string field, string reason)
    {
        var (command, faults) = Read(name, json.Replace("ID\"", Id + "\"", StringComparison.Ordinal));

        command.ShouldBeNull();
        var (found, reasons) = faults.ShouldHaveSingleItem();
        found.ShouldBe(field);
        reasons.ShouldHaveSingleItem().ShouldContain(reason);
        reasons[0].ShouldNotContain("System.");
        reasons[0].ShouldNotContain("EventArchive.");
    }

    private static (ICommand? Command, IDictionary<string, string[]> Faults) Read(string name, string json) =>
        CommandReader.Read(CommandReader.Find(name)!, Encoding.UTF8.GetBytes(json));
}
