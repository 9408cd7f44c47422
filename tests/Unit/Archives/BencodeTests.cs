using System.Text;
using EventArchive.Archives;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class BencodeTests
{
    [Theory]
    [InlineData("i0e")]
    [InlineData("i-42e")]
    [InlineData("i9223372036854775807e")]
    [InlineData("0:")]
    [InlineData("4:spam")]
    [InlineData("le")]
    [InlineData("de")]
    [InlineData("d1:ai1e1:bl2:xy2:yzee")]
    public void What_is_canonical_is_read_and_keeps_its_bytes(string text) => Text(Read(text).Raw).ShouldBe(text);

    [Theory]
    [InlineData("", "nothing there")]
    [InlineData("i", "no end")]
    [InlineData("ie", "no digits")]
    [InlineData("i-0e", "minus zero")]
    [InlineData("i01e", "leading zero")]
    [InlineData("i+1e", "plus")]
    [InlineData("i 1e", "space")]
    [InlineData("i9223372036854775808e", "one above 64 bits")]
    [InlineData("i99999999999999999999999999e", "far above 64 bits")]
    [InlineData("-1:a", "negative length")]
    [InlineData("01:a", "length with a leading zero")]
    [InlineData("2:a", "length past the end")]
    [InlineData("2147483647:a", "a length that would allocate two gigabytes")]
    [InlineData("9223372036854775807:a", "a length that would overflow a sum")]
    [InlineData("l", "list without end")]
    [InlineData("d", "dictionary without end")]
    [InlineData("d1:ae", "key without value")]
    [InlineData("di1ei1ee", "key that is no text")]
    [InlineData("d1:bi1e1:ai1ee", "unsorted keys")]
    [InlineData("d1:ai1e1:ai1ee", "repeated keys")]
    [InlineData("d0:i1e0:i1ee", "repeated empty keys")]
    [InlineData("i1ei2e", "a second value")]
    [InlineData("x", "no such type")]
    public void What_is_not_canonical_is_refused(string text, string why) => Should.Throw<BencodeException>(() => Read(text), why);

    [Fact]
    public void Nesting_ends_at_the_limit_and_a_depth_bomb_is_an_exception_only()
    {
        Nested(Bencode.MaxDepth).ShouldNotBeNull();
        Should.Throw<BencodeException>(() => Nested(Bencode.MaxDepth + 1)).Message.ShouldContain("deeper than 32");
        Should.Throw<BencodeException>(() => Read(new string('l', 60_000)));
        Should.Throw<BencodeException>(() => Read(string.Concat(Enumerable.Repeat("d1:a", 60_000))));

        static BencodeValue Nested(int depth) => Read(new string('l', depth) + new string('e', depth));
    }

    [Fact]
    public void More_values_than_the_limit_are_refused()
    {
        Read($"l{string.Concat(Enumerable.Repeat("le", Bencode.MaxTokens - 1))}e").ShouldNotBeNull();
        Should.Throw<BencodeException>(() => Read($"l{string.Concat(Enumerable.Repeat("le", Bencode.MaxTokens))}e"));
    }

    [Fact]
    public void More_bytes_than_the_limit_are_refused_unread() =>
        Should.Throw<BencodeException>(() => Bencode.Read(new byte[Bencode.MaxBytes + 1])).Message.ShouldContain("48000000");

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        var bytes = new BencodeWriter()
            .BeginDictionary()
            .Text("a")
            .Integer(-7)
            .Text("b")
            .BeginList()
            .Bytes([0, 255])
            .Text("ü")
            .End()
            .Text("c")
            .Raw("i5e"u8)
            .End()
            .ToArray();

        var values = Bencode.Read(bytes).ShouldBeOfType<BencodeValue.Dictionary>().Values;

        values["a"].ShouldBeOfType<BencodeValue.Integer>().Value.ShouldBe(-7);
        var list = values["b"].ShouldBeOfType<BencodeValue.Items>().Values;
        list[0].ShouldBeOfType<BencodeValue.Text>().Bytes.ToArray().ShouldBe([0, 255]);
        list[1].ShouldBeOfType<BencodeValue.Text>().AsUtf8().ShouldBe("ü");
        values["c"].ShouldBeOfType<BencodeValue.Integer>().Value.ShouldBe(5);
    }

    [Fact]
    public void Every_cut_of_a_torrent_is_refused_and_none_crashes()
    {
        var torrent = Vector.Read("archive-1").TorrentFile;
        for (var length = 0; length < torrent.Length; length++)
            Should.Throw<BencodeException>(() => Bencode.Read(torrent.AsMemory(0, length)));
    }

    private static BencodeValue Read(string text) => Bencode.Read(Encoding.Latin1.GetBytes(text));

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
