using System.Text.RegularExpressions;
using System.Xml.Linq;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit;

/// <summary>docs/architecture.md says what is there.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs", "architecture.md"));

    [Fact]
    public void Every_project_stands_in_the_picture_with_all_that_it_references()
    {
        var drawn = Page.Split("```")[1].Trim().Split('\n');

        drawn.ShouldBe(Projects(), ignoreOrder: true);
    }

    [Fact]
    public void Every_file_that_the_page_names_is_there() =>
        Named()
            .Matches(Page)
            .Select(match => match.Groups["path"].Value)
            .Where(path => !Path.Exists(Repository.File(path)))
            .ShouldBeEmpty();

    [Fact]
    public void The_walk_through_the_main_line_takes_at_most_twenty_files() => Step().Count(Page).ShouldBeInRange(15, 20);

    private static IEnumerable<string> Projects()
    {
        var src = Repository.File("src");
        foreach (var project in Directory.EnumerateFiles(src, "*.csproj", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(project)!;
            var references = XDocument
                .Load(project)
                .Descendants("ProjectReference")
                .Select(one => Path.GetFullPath(one.Attribute("Include")!.Value, folder))
                .Select(path => Path.GetRelativePath(src, Path.GetDirectoryName(path)!))
                .Order(StringComparer.Ordinal)
                .ToList();
            yield return Path.GetRelativePath(src, folder) + (references.Count > 0 ? $" ─▶ {string.Join(", ", references)}" : "");
        }
    }

    [GeneratedRegex("`(?<path>(src|tests|infra|bench)[A-Za-z/.]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"^[0-9]+\. `src/", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();
}
