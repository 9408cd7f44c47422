using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class DerivedIdTests
{
    /// <summary>The name space of DNS names and the example of RFC 9562, appendix A.4.</summary>
    private static readonly Guid Dns = Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    [Fact]
    public void The_example_of_the_standard_gives_the_id_of_the_standard() =>
        DerivedId.From(Dns, "www.example.com").ShouldBe(Guid.Parse("2ed6657d-e927-568b-95e1-2665a8aea6a2"));

    [Fact]
    public void The_same_cause_and_name_give_the_same_id_because_a_repeat_is_to_be_recognised() =>
        DerivedId.From(Dns, "cut").ShouldBe(DerivedId.From(Dns, "cut"));

    [Fact]
    public void Another_name_or_another_cause_gives_another_id() =>
        new[] { DerivedId.From(Dns, "cut"), DerivedId.From(Dns, "seed"), DerivedId.From(Guid.Empty, "cut") }.ShouldBeUnique();

    [Fact]
    public void The_id_says_that_it_is_of_version_five() => DerivedId.From(Dns, "cut").Version.ShouldBe(5);
}
