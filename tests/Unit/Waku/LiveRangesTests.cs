using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class LiveRangesTests
{
    private static readonly Uri One = new("http://127.0.0.1:1");
    private static readonly Uri Other = new("http://127.0.0.1:2");

    private readonly LiveRanges live = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void The_ends_are_not_taken_for_heard_because_messages_take_their_time()
    {
        live.Heard(One, PubsubTopic.Default, At(100), At(119));
        Heard().ShouldBe("");
        live.Heard(One, PubsubTopic.Default, At(100), At(200));
        Heard().ShouldBe("[111,190)");
        Heard(followedSince: 150).ShouldBe("[161,190)", "a channel is heard from when it was asked for");
    }

    [Fact]
    public void A_break_of_one_node_is_a_hole_unless_another_heard_on()
    {
        live.Heard(One, PubsubTopic.Default, At(100), At(200));
        live.Heard(One, PubsubTopic.Default, At(250), At(400));
        Heard().ShouldBe("[111,190) [261,390)");
        live.Heard(Other, PubsubTopic.Default, At(150), At(300));
        Heard().ShouldBe("[111,390)");
        live.Of(new PubsubTopic(16, 64), At(0)).IsEmpty.ShouldBeTrue();
    }

    private string Heard(long followedSince = 0) => live.Of(PubsubTopic.Default, At(followedSince)).ToString();

    private static DateTimeOffset At(long second) => DateTimeOffset.FromUnixTimeSeconds(second);
}
