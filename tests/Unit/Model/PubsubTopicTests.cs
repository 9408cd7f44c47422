using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class PubsubTopicTests() : TextValueTests<PubsubTopic>("/waku/2/rs/16/32", "/waku/2/rs/16/64")
{
    [Fact]
    public void The_default_is_the_shard_of_communities_without_one() => PubsubTopic.Default.ToString().ShouldBe("/waku/2/rs/16/32");

    [Fact]
    public void The_numbers_of_a_shard_have_sixteen_bits() =>
        PubsubTopic.Parse("/waku/2/rs/65535/0").ShouldBe(new PubsubTopic(ushort.MaxValue, 0));

    [Theory]
    [InlineData("waku/2/rs/16/32")]
    [InlineData("/waku/2/rs/16")]
    [InlineData("/waku/2/rs/16/32/")]
    [InlineData("/waku/2/rs/16/32/1")]
    [InlineData("/waku/1/rs/16/32")]
    [InlineData("/waku/2/default-waku/proto")]
    [InlineData("/waku/2/rs/65536/0")]
    [InlineData("/waku/2/rs/-1/0")]
    [InlineData("/waku/2/rs/+1/0")]
    [InlineData("/waku/2/rs/ 1/0")]
    [InlineData("/waku/2/rs/1e1/0")]
    [InlineData("/WAKU/2/RS/16/32")]
    public void What_is_not_a_static_shard_is_refused(string text) => ShouldRefuse(text);
}
