using System.Text;
using EventArchive.Archives;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class RatchetKeyFileTests
{
    private const string Secret = "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static readonly string Good =
        $$"""{"communityId":"{{TemporaryTree.Community}}","key":"{{Secret}}","timestamp":1700000000123}""";

    [Fact]
    public void One_key_or_a_list_is_read_with_the_number_that_the_community_has_come_to()
    {
        RatchetKeyFile.Parse(Good).ShouldHaveSingleItem().Key.Id.ShouldBe(HashRatchetTests.Key.Id);
        var keys = RatchetKeyFile.Parse($$"""[{{Good}},{{Good.Replace("}", ",\"seqNo\":4294967295}")}}]""");
        keys.Select(key => key.SeqNo).ShouldBe([0u, uint.MaxValue]);
    }

    [Fact]
    public void What_is_written_is_read_and_the_fullest_file_is_not_too_long()
    {
        (RatchetKey, uint)[] full =
        [
            .. Enumerable
                .Range(0, RatchetKeyFile.MaxKeys)
                .Select(i => (new RatchetKey(TemporaryTree.Community, (ulong)(long.MaxValue - i), new byte[32]), uint.MaxValue)),
        ];

        var read = RatchetKeyFile.Parse(Encoding.UTF8.GetString(RatchetKeyFile.Write(full)));

        read.Select(one => (one.Key.Id, one.SeqNo)).ShouldBe(full.Select(one => (one.Item1.Id, one.Item2)));
        Should.Throw<FormatException>(() => RatchetKeyFile.Write([.. full, full[0]])).Message.ShouldContain("keys, not");
        Should.Throw<FormatException>(() => RatchetKeyFile.Write([])).Message.ShouldContain("keys, not 0");
    }

    public static TheoryData<string> Bad() =>
        new()
        {
            "",
            "{",
            $"key {Secret}",
            "[]",
            "[1]",
            "{}",
            $$"""{"key":"{{Secret}}"}""",
            Good.Replace("1700000000123", "-1"),
            Good.Replace("1700000000123", "9223372036854775808"),
            Good.Replace("1700000000123", $"\"{Secret}\""),
            Good.Replace("}", ",\"seqNo\":4294967296}"),
            Good.Replace("}", ",\"seqno\":1}"),
            Good.Replace("1f\"", "\""),
            Good.Replace(Secret, Secret[2..] + "00"),
            Good.Replace(TemporaryTree.Community.ToString(), "0x04"),
            $"[{string.Join(',', Enumerable.Repeat(Good, RatchetKeyFile.MaxKeys + 1))}]",
            new string(' ', RatchetKeyFile.MaxCharacters + 1),
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_key_file_is_refused_without_a_word_of_a_key(string json)
    {
        var fault = Should.Throw<FormatException>(() => RatchetKeyFile.Parse(json));

        fault.ToString().ShouldNotContain("0001020304");
    }
}
