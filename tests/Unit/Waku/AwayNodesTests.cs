using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>Which nodes are away, as hearing notes it.</summary>
public sealed class AwayNodesTests
{
    private static readonly Uri First = new("http://127.0.0.1:1");
    private static readonly Uri Second = new("http://127.0.0.1:2");

    [Fact]
    public void A_node_is_away_from_its_first_failure_on_with_the_newest_reason_until_it_is_back()
    {
        var nodes = Nodes(new WakuOptions { Nodes = [First, Second] });
        nodes.NoteAway(nodes.All[1], "first reason");
        var since = nodes.Away.ShouldHaveSingleItem().Since;
        nodes.NoteAway(nodes.All[1], "second reason");

        nodes.Away.ShouldBe([new AwayNode(Second, since, "second reason")]);
        nodes.AllAway.ShouldBeFalse();
        nodes.NoteAway(nodes.All[0], "too");
        nodes.Away.Select(away => away.Node).ShouldBe([First, Second]);
        nodes.AllAway.ShouldBeTrue();
        nodes.NoteBack(nodes.All[1]);
        nodes.Away.ShouldHaveSingleItem().Node.ShouldBe(First);
        nodes.AllAway.ShouldBeFalse();
    }

    [Fact]
    public void Where_no_node_is_configured_none_is_missed()
    {
        var nodes = Nodes(new WakuOptions());
        nodes.NoteAway(nodes.All.ShouldHaveSingleItem(), "nobody is there");

        nodes.Away.ShouldHaveSingleItem();
        nodes.AllAway.ShouldBeFalse();
    }

    private static WakuNodes Nodes(WakuOptions options) => new(WakuServices.NewHttpClient(), options, TimeProvider.System);
}
