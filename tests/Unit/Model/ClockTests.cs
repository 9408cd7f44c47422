using System.Text.Json;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1000);

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(998, 1000)]
    [InlineData(999, 1000)]
    [InlineData(1000, 1001)]
    [InlineData(5000, 5001)]
    public void The_next_clock_is_now_or_one_more_than_the_highest_because_a_clock_only_rises(ulong highest, ulong next) =>
        Clock.After(new Clock(highest), Now).ShouldBe(new Clock(next));

    [Fact]
    public void A_time_before_1970_counts_as_zero_because_a_clock_has_no_sign() =>
        Clock.After(Clock.Zero, DateTimeOffset.UnixEpoch.AddSeconds(-1)).ShouldBe(new Clock(1));

    [Fact]
    public void After_the_last_clock_there_is_none_and_it_does_not_begin_at_zero_again() =>
        Should.Throw<OverflowException>(() => Clock.After(new Clock(ulong.MaxValue), Now));

    [Fact]
    public void Clocks_compare_by_their_milliseconds()
    {
        var (five, six) = (new Clock(5), new Clock(6));
        (five < six).ShouldBeTrue();
        (six > five).ShouldBeTrue();
        (five < new Clock(5)).ShouldBeFalse();
        (five > new Clock(5)).ShouldBeFalse();
        (five <= new Clock(5)).ShouldBeTrue();
        (five >= new Clock(5)).ShouldBeTrue();
        (six <= five).ShouldBeFalse();
        (five >= six).ShouldBeFalse();
        new[] { six, five }.Order().ShouldBe([five, six]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_700_000_000_000)]
    [InlineData(ulong.MaxValue)]
    public void A_clock_is_a_number_in_JSON_because_Status_sends_one(ulong milliseconds)
    {
        var json = JsonSerializer.Serialize(new Clock(milliseconds));
        json.ShouldBe(milliseconds.ToString());
        JsonSerializer.Deserialize<Clock>(json).ShouldBe(new Clock(milliseconds));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("18446744073709551616")]
    [InlineData("\"5\"")]
    [InlineData("null")]
    public void Anything_but_a_whole_number_of_64_bits_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Clock>(json));
}
