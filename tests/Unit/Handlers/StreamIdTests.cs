using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class StreamIdTests
{
    [Theory]
    [InlineData("community a", "position 9 stands U+0020")]
    [InlineData(" community-a", "position 0 stands U+0020")]
    [InlineData("community-a\n", "position 11 stands U+000A")]
    [InlineData("community-\t", "U+0009")]
    [InlineData("community-\u007f", "U+007F")]
    [InlineData("community-\u0085", "U+0085")]
    [InlineData("community-\u00a0", "U+00A0")]
    [InlineData("community-\u200b", "U+200B")]
    [InlineData("community-\u202e", "U+202E")]
    [InlineData("соmmunity-a", "U+0441")]
    [InlineData("community-😀", "U+D83D")]
    public void A_stream_id_that_is_not_one_is_refused_with_the_place_because_two_that_look_alike_are_two_histories(string id, string where)
    {
        var message = Should.Throw<ArgumentException>(() => AppendLimits.Check(To(id))).Message;

        message.ShouldStartWith("A stream id is of visible ASCII characters without blanks");
        message.ShouldContain(where);
        message.ShouldNotContain(id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(AppendLimits.MaxStreamIdCharacters + 1)]
    public void A_stream_id_of_no_or_too_many_characters_is_refused(int length) =>
        Should
            .Throw<ArgumentException>(() => AppendLimits.Check(To(new string('a', length))))
            .Message.ShouldContain($"1 to {AppendLimits.MaxStreamIdCharacters}");

    [Fact]
    public void Streams_of_communities_and_whatever_is_visible_are_taken()
    {
        foreach (
            var id in new[] { Community.StreamId(Sample.Id), "!", "~", "a/b:c_d.e", new string('a', AppendLimits.MaxStreamIdCharacters) }
        )
            AppendLimits.Check(To(id)).Length.ShouldBe(1);
    }

    private static Append To(string streamId) => new(streamId, 0, [Sample.Enabled], Guid.CreateVersion7(), "Test");
}
