using System.Security.Cryptography;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class MerkleRootTests
{
    [Fact]
    public void Leaves_that_come_one_by_one_give_the_root_of_the_recursive_rule()
    {
        var tree = new MerkleRoot();
        List<byte[]> leaves = [];
        for (var count = 0; count <= 70; count++)
        {
            tree.Leaves.ShouldBe(count);
            tree.Compute().ShouldBe(Recursive([.. leaves]), $"{count} leaves");
            leaves.Add([(byte)count, 7]);
            tree.Add(leaves[^1]);
        }
    }

    [Fact]
    public void Roots_are_those_of_certificate_transparency()
    {
        // The test vectors that certificate transparency logs are tested with: leaves "", 00, 10, 2021.
        var tree = new MerkleRoot();
        Convert.ToHexStringLower(tree.Compute()).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        tree.Add([]);
        Convert.ToHexStringLower(tree.Compute()).ShouldBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        tree.Add([0x00]);
        Convert.ToHexStringLower(tree.Compute()).ShouldBe("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        tree.Add([0x10]);
        Convert.ToHexStringLower(tree.Compute()).ShouldBe("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
        tree.Add([0x20, 0x21]);
        Convert.ToHexStringLower(tree.Compute()).ShouldBe("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    }

    /// <summary>RFC 6962, section 2.1, as it is written there.</summary>
    private static byte[] Recursive(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0)
            return SHA256.HashData([]);
        if (leaves.Length == 1)
            return SHA256.HashData([0, .. leaves[0]]);
        var split = 1;
        while (split * 2 < leaves.Length)
            split *= 2;
        return SHA256.HashData([1, .. Recursive(leaves[..split]), .. Recursive(leaves[split..])]);
    }
}
