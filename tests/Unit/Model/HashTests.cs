using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class InfoHashTests()
    : TextValueTests<InfoHash>("00112233445566778899aabbccddeeff00112233", "10112233445566778899aabbccddeeff00112233")
{
    [Fact]
    public void Upper_case_digits_are_the_same_torrent_because_magnets_are_written_both_ways() =>
        InfoHash.Parse("00112233445566778899AABBCCDDEEFF00112233").ToString().ShouldBe("00112233445566778899aabbccddeeff00112233");

    [Fact]
    public void Bytes_and_text_lead_to_each_other()
    {
        byte[] sha1 = [.. Enumerable.Range(0, 20).Select(number => (byte)number)];
        InfoHash.FromBytes(sha1).ToBytes().ShouldBe(sha1);
    }

    [Theory]
    [InlineData("0011")]
    [InlineData("0x112233445566778899aabbccddeeff00112233")]
    [InlineData("00112233445566778899aabbccddeeff0011223g")]
    [InlineData("00112233445566778899aabbccddeeff001122334")]
    [InlineData("٠٠112233445566778899aabbccddeeff00112233")]
    public void What_is_not_forty_hexadecimal_digits_is_refused_because_files_are_named_after_it(string text) => ShouldRefuse(text);
}

public sealed class ArchiveIdTests()
    : TextValueTests<ArchiveId>(
        "0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "0x10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    )
{
    [Theory]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("0x0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("0x0g112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    public void What_is_not_a_hash_of_32_bytes_is_refused(string text) => ShouldRefuse(text);
}
