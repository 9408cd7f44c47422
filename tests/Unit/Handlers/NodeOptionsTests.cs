using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class NodeOptionsTests
{
    [Fact]
    public void A_node_has_every_role_unless_it_is_told_some()
    {
        new NodeOptions { Name = "a" }
            .Faults()
            .ShouldBeEmpty();
        new NodeOptions().Has(NodeRoles.Seeder).ShouldBeTrue();
        new NodeOptions { Roles = NodeRoles.Api | NodeRoles.Archiver }
            .Has(NodeRoles.Seeder)
            .ShouldBeFalse();
        new NodeOptions { Roles = NodeRoles.Archiver }
            .Has(NodeRoles.Seeder | NodeRoles.Archiver)
            .ShouldBeTrue("any of them will do");
    }

    [Theory]
    [InlineData("")]
    [InlineData("seeder 1")]
    [InlineData("seeder/1")]
    [InlineData("Säer")]
    public void A_name_that_no_queue_can_have_is_refused(string name) =>
        new NodeOptions { Name = name }
            .Faults()
            .ShouldHaveSingleItem()
            .ShouldStartWith("Node:Name");

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void A_node_without_a_role_or_with_an_unknown_one_is_refused(int roles) =>
        new NodeOptions { Name = "a", Roles = (NodeRoles)roles }
            .Faults()
            .ShouldHaveSingleItem()
            .ShouldStartWith("Node:Roles");
}
