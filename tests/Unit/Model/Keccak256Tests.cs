using System.Text;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Model;

public sealed class Keccak256Tests
{
    // Published answers of the Keccak submission; SHA3-256 of the same inputs differs by its pad byte.
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    public void Known_answers_are_given(string text, string hash) =>
        Hex.Encode(Keccak256.Hash(Encoding.UTF8.GetBytes(text))).ShouldBe(hash);

    [Fact]
    public void Lengths_around_the_block_give_different_hashes_since_the_padding_tells_them_apart() =>
        Enumerable.Range(130, 150).Select(length => Hex.Encode(Keccak256.Hash(new byte[length]))).Distinct().Count().ShouldBe(150);
}
