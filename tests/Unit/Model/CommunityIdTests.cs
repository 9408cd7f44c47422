using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class CommunityIdTests() : TextValueTests<CommunityId>("0x02" + Digits, "0x03" + Digits)
{
    private const string Digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Fact]
    public void Upper_case_digits_are_the_same_community_because_streams_are_named_after_it() =>
        CommunityId.Parse("0x02" + Digits.ToUpperInvariant()).ShouldBe(CommunityId.Parse("0x02" + Digits));

    [Fact]
    public void A_key_and_its_id_lead_to_each_other()
    {
        byte[] key = [3, .. Enumerable.Repeat((byte)7, 32)];
        CommunityId.FromKey(key).ToKey().ShouldBe(key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("02" + Digits)]
    [InlineData("0X02" + Digits)]
    [InlineData("0x02" + Digits + "0")]
    [InlineData("0x02" + Digits + "00")]
    [InlineData("0x0" + Digits)]
    [InlineData("0x04" + Digits)]
    [InlineData("0x00" + Digits)]
    [InlineData("0x02" + Digits + "\n")]
    [InlineData("0x02'/../112233445566778899aabbccddeeff00112233445566778899aabbccddee")]
    [InlineData("0x02g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    public void What_is_not_a_compressed_key_is_refused_because_the_id_becomes_a_folder_and_a_stream(string text) => ShouldRefuse(text);
}
