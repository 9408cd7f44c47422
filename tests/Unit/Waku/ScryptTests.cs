using System.Text;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class ScryptTests
{
    /// <summary>RFC 7914, section 12. Its fourth one asks for a gigabyte, more than is allowed here.</summary>
    [Theory]
    [InlineData(
        "",
        "",
        16,
        1,
        1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
    )]
    [InlineData(
        "password",
        "NaCl",
        1024,
        8,
        16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
    )]
    [InlineData(
        "pleaseletmein",
        "SodiumChloride",
        16384,
        8,
        1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
    )]
    public void The_vectors_of_the_standard_come_out(string password, string salt, int n, int r, int p, string expected) =>
        Convert
            .ToHexStringLower(Scrypt.DeriveKey(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), n, r, p, 64))
            .ShouldBe(expected);

    [Theory]
    [InlineData(524_288, 8, 1, 32)]
    [InlineData(1_048_576, 8, 1, 32)]
    [InlineData(long.MaxValue / 2 + 1, 1, 1, 32)]
    [InlineData(2, 1025, 1, 32)]
    [InlineData(2, int.MaxValue, int.MaxValue, 32)]
    [InlineData(262_144, 8, 9, 32)]
    [InlineData(16, 1, 65, 32)]
    [InlineData(16, 1, 1, 1025)]
    public void More_memory_or_time_than_is_allowed_is_refused_before_any_is_taken(long n, int r, int p, int keyBytes) =>
        Should.Throw<FormatException>(() => Scrypt.DeriveKey([], [], n, r, p, keyBytes)).Message.ShouldContain("more than is allowed");

    [Theory]
    [InlineData(0, 1, 1, 32)]
    [InlineData(1, 1, 1, 32)]
    [InlineData(12, 1, 1, 32)]
    [InlineData(-16, 1, 1, 32)]
    [InlineData(16, 0, 1, 32)]
    [InlineData(16, 1, 0, 32)]
    [InlineData(16, 1, 1, 0)]
    public void Parameters_that_are_none_are_refused(long n, int r, int p, int keyBytes) =>
        Should.Throw<FormatException>(() => Scrypt.DeriveKey([], [], n, r, p, keyBytes)).Message.ShouldContain("power of two");
}
