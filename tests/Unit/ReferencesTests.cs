using System.Text.RegularExpressions;
using System.Xml.Linq;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit;

public sealed class ReferencesTests
{
    // A project may reference projects of a lower level only. Adapters share one level, so they never reference each other.
    private static readonly Dictionary<string, int> Levels = new()
    {
        ["src/Model"] = 0,
        ["src/Commands"] = 1,
        ["src/Events"] = 1,
        ["src/Domain"] = 2,
        ["src/Projections"] = 3,
        ["src/EventStore"] = 4,
        ["src/Handlers"] = 5,
        ["src/Adapters"] = 6,
        ["src/Service"] = 7,
    };

    private static readonly string[] Pure = ["src/Model", "src/Commands", "src/Events", "src/Domain", "src/Projections"];

    private static readonly Regex Effect = new(
        @"\b(TimeProvider|Stopwatch|Random|RandomNumberGenerator|Guid\.(NewGuid|CreateVersion7)|Task|Thread|HttpClient|Console|File|Directory|Environment)\b",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    private static readonly Regex Suicide = new(
        @"CRASH_AT|\.Kill\(|FailFast|Environment\.Exit",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    private static readonly Regex Start = new(@"\bProcess\.Start\(", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    public static TheoryData<string> Projects => [.. Find("src", "*.csproj")];

    public static TheoryData<string> PureSources => [.. Pure.SelectMany(folder => Find(folder, "*.cs"))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_lower_ones_so_that_rules_never_depend_on_edges(string project)
    {
        var own = FolderOf(project);
        foreach (var reference in ReferencesOf(project))
        {
            own.ShouldNotBe("src/Testing", "The test servers stand alone.");
            Levels.ShouldContainKey(FolderOf(reference), $"{project} references {reference}, which is no part of the product.");
            LevelOf(FolderOf(reference)).ShouldBeLessThan(LevelOf(own), $"{project} references {reference}.");
        }
    }

    [Theory]
    [InlineData("src/Model")]
    [InlineData("src/Events")]
    [InlineData("src/Domain")]
    [InlineData("src/Testing")]
    public void A_project_that_others_build_on_brings_no_packages_along(string folder) =>
        Find(folder, "*.csproj")
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(project => ItemsOf(project, "PackageReference").ShouldBeEmpty());

    [Theory]
    [MemberData(nameof(PureSources))]
    public void Rules_and_folds_name_no_clock_no_chance_and_no_outside(string source)
    {
        // Comments and texts may speak of these things.
        var code = File.ReadLines(Repository.File(source)).Where(line => !line.TrimStart().StartsWith("//"));
        code.Where(line => Effect.IsMatch(line)).ShouldBeEmpty(source);
    }

    [Fact]
    public void The_product_starts_no_program_and_tests_start_them_without_what_is_open_here()
    {
        const string only = "src/Testing/ChildProcess.cs";
        var starting = Find("src", "*.cs")
            .Concat(Find("tests", "*.cs"))
            .Where(source => Start.IsMatch(File.ReadAllText(Repository.File(source))));
        starting.Order().ShouldBe([only]);
        Find("src", "*.cs")
            .Where(source => !source.StartsWith("src/Testing/") && File.ReadAllText(Repository.File(source)).Contains("ChildProcess"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_variable_or_setting_can_kill_the_product_because_crashes_are_made_by_the_tests_alone() =>
        Find("src", "*.cs")
            .Where(source => !source.StartsWith("src/Testing/"))
            .Where(source => Suicide.IsMatch(File.ReadAllText(Repository.File(source))))
            .ShouldBeEmpty();

    [Fact]
    public void The_search_for_projects_finds_them_so_that_the_other_tests_see_something() =>
        Projects.Count.ShouldBeGreaterThanOrEqualTo(Levels.Count);

    private static int LevelOf(string folder) =>
        Levels.TryGetValue(folder, out var level)
            ? level
            : throw new InvalidOperationException($"{folder} has no level yet: give it one here.");

    private static IEnumerable<string> ReferencesOf(string project) =>
        ItemsOf(project, "ProjectReference")
            .Select(path => Path.GetFullPath(path, Path.GetDirectoryName(Repository.File(project))!))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

    private static IEnumerable<string> ItemsOf(string project, string item) =>
        XDocument.Load(Repository.File(project)).Descendants(item).Select(found => found.Attribute("Include")!.Value.Replace('\\', '/'));

    private static string FolderOf(string path) => string.Join('/', path.Split('/').Take(2));

    private static IEnumerable<string> Find(string folder, string pattern) =>
        Directory
            .EnumerateFiles(Repository.File(folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"));
}
