using System.Text.Json;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

/// <summary>What holds of every value that is written as text.</summary>
/// <param name="good">A text in the form in which the value is written.</param>
/// <param name="other">Another value.</param>
public abstract class TextValueTests<T>(string good, string other)
    where T : class, IParsable<T>
{
    /// <summary>Texts that are refused with a sentence, and by TryParse without an exception.</summary>
    protected static void ShouldRefuse(string text)
    {
        Should.Throw<FormatException>(() => T.Parse(text, null)).Message.ShouldNotBeNullOrWhiteSpace();
        T.TryParse(text, null, out _).ShouldBeFalse();
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void A_value_is_written_as_it_is_read() => T.Parse(good, null).ToString().ShouldBe(good);

    [Fact]
    public void A_good_text_is_tried_with_success()
    {
        T.TryParse(good, null, out var value).ShouldBeTrue();
        value.ShouldBe(T.Parse(good, null));
    }

    [Fact]
    public void Nothing_is_tried_without_success() => T.TryParse(null, null, out _).ShouldBeFalse();

    [Fact]
    public void The_same_text_is_the_same_value_and_another_is_another()
    {
        T.Parse(good, null).ShouldBe(T.Parse(good, null));
        T.Parse(good, null).GetHashCode().ShouldBe(T.Parse(good, null).GetHashCode());
        T.Parse(good, null).ShouldNotBe(T.Parse(other, null));
    }

    [Fact]
    public void A_value_goes_through_JSON_as_a_string() =>
        JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(T.Parse(good, null))).ShouldBe(T.Parse(good, null));

    [Fact]
    public void A_value_can_be_a_key_in_JSON()
    {
        var map = new Dictionary<T, int> { [T.Parse(good, null)] = 1 };
        JsonSerializer.Deserialize<Dictionary<T, int>>(JsonSerializer.Serialize(map))!.Keys.ShouldBe(map.Keys);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("\"nonsense\"")]
    public void JSON_that_is_not_such_a_text_is_refused_because_a_value_cannot_hold_nonsense(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<T>(json));

    [Fact]
    public void A_key_in_JSON_that_is_not_such_a_text_is_refused_in_the_same_way() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Dictionary<T, int>>("""{"nonsense":1}"""));
}
