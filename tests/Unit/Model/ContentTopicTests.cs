using System.Text.Json;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Model;

public sealed class ContentTopicTests
{
    [Fact]
    public void Topics_of_chats_equal_those_of_status_go()
    {
        using var vector = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "topics.json")));
        var cases = vector.RootElement.GetProperty("cases").EnumerateArray().ToList();

        cases.Count.ShouldBeGreaterThan(10);
        foreach (var one in cases)
        {
            var topic = ContentTopic.OfChat(one.GetProperty("chatId").GetString()!);
            topic.ToString().ShouldBe(one.GetProperty("topic").GetString());
            topic.Name.ShouldBe(one.GetProperty("contentTopic").GetString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("01020304")]
    [InlineData("0x010203")]
    [InlineData("0x0102030405")]
    [InlineData("0x0102030g")]
    public void What_is_not_four_bytes_is_no_topic(string text)
    {
        Should.Throw<FormatException>(() => ContentTopic.Parse(text));
        ContentTopic.TryParse(text, null, out _).ShouldBeFalse();
    }

    [Fact]
    public void Capitals_make_no_other_topic() => ContentTopic.Parse("0xABCDEF01").ShouldBe(ContentTopic.Parse("0xabcdef01"));
}
