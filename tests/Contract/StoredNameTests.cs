using System.Text.RegularExpressions;
using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed partial class StoredNameTests
{
    [Fact]
    public void Stored_names_never_change_because_databases_hold_them()
    {
        var pinned = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "stored-names.txt"));

        StoredName.All.Select(pair => $"{pair.Key} {pair.Value.FullName}").Order(StringComparer.Ordinal).ShouldBe(pinned);
    }

    [Fact]
    public void Stored_names_are_martens_aliases_so_that_a_marten_store_reads_them_without_options()
    {
        foreach (var (name, type) in StoredName.All)
            name.ShouldBe(AliasOf(type.Name));
    }

    [Theory]
    [InlineData("HTTPRequestMade", "http_request_made")]
    [InlineData("OrderV2Placed", "order_v2_placed")]
    [InlineData("X509CertAdded", "x509_cert_added")]
    public void The_alias_rule_here_is_martens_own(string type, string alias) => AliasOf(type).ShouldBe(alias);

    /// <summary>Marten 8, EventNamingStyle.ClassicTypeName.</summary>
    private static string AliasOf(string typeName) =>
        LowerAfterUpper().Replace(UpperBeforeWord().Replace(typeName, "$1 $2"), "$1 $2").ToLowerInvariant().Replace(' ', '_');

    [GeneratedRegex(@"(\P{Ll})(\P{Ll}\p{Ll})")]
    private static partial Regex UpperBeforeWord();

    [GeneratedRegex(@"(\p{Ll})(\P{Ll})")]
    private static partial Regex LowerAfterUpper();
}
