using System.Collections;
using System.Text.RegularExpressions;
using EventArchive.Service;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Service;

/// <summary>What the pages, the compose files and their images name is there: nobody would see a misspelt name before a deployment stands still.</summary>
public sealed partial class DeploymentFilesTests
{
    [Fact]
    public void Every_setting_that_the_pages_the_compose_files_and_the_image_name_is_one_of_the_service()
    {
        string[] files =
        [
            .. Directory.GetFiles(Repository.File("infra"), "compose*.yaml"),
            Repository.File("infra", "Dockerfile"),
            Repository.File("README.md"),
            Repository.File("docs", "running.md"),
        ];
        var named = files
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Groups["path"].Value))
            .ToList();
        named.ShouldContain("BitTorrent__Trackers__0", "compose.tracker.yaml says what to set on every node");
        named.ShouldContain("Data__Root", "the image says where its volume is");
        named.AddRange(SettingsTable());
        named.ShouldContain("Node__RetireAfter", "its row begins with another setting of Node");

        named.Distinct().Where(path => !IsSetting(path)).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_trackers_container_is_given_its_script_reads()
    {
        var script = File.ReadAllText(Repository.File("infra", "opentracker", "follow.sh"));
        var read = Read().Matches(script).Select(match => match.Groups["name"].Value).ToHashSet();
        var given = Given()
            .Matches(File.ReadAllText(Repository.File("infra", "compose.tracker.yaml")))
            .Select(match => match.Groups["name"].Value);

        given.ShouldBe(["EVENTARCHIVE_API", "EVENTARCHIVE_API_KEY", "OPENTRACKER_ADDRESS"], ignoreOrder: true);
        given.Except(read).ShouldBeEmpty();
    }

    [Fact]
    public void An_image_that_is_built_has_a_Dockerfile_and_that_what_it_copies()
    {
        var folders = Directory
            .GetFiles(Repository.File("infra"), "compose*.yaml")
            .SelectMany(file => Build().Matches(File.ReadAllText(file)))
            .Select(match => Repository.File("infra", match.Groups["folder"].Value))
            .ToList();

        folders.ShouldNotBeEmpty();
        foreach (var folder in folders)
            Copied()
                .Matches(File.ReadAllText(Path.Combine(folder, "Dockerfile")))
                .Select(match => match.Groups["file"].Value)
                .ShouldAllBe(file => File.Exists(Path.Combine(folder, file)));
    }

    [Fact]
    public void The_image_is_built_with_what_compiling_the_native_library_takes()
    {
        var targets = File.ReadAllText(Repository.File("src", "Adapters", "BitTorrent", "native", "NativeLibrary.targets"));
        var needed = NativeTools().Match(targets).Groups["packages"].Value.Split(' ');
        var buildStage = File.ReadAllText(Repository.File("infra", "Dockerfile")).Split("FROM ")[1];

        needed.ShouldContain("libtorrent-rasterbar-dev");
        needed.Except(buildStage.Split(' ')).ShouldBeEmpty();
    }

    /// <summary>The first column of the table of settings. A name alone is one of the section that was named before it.</summary>
    private static IEnumerable<string> SettingsTable()
    {
        var rows = File.ReadLines(Repository.File("docs", "running.md"))
            .SkipWhile(line => !line.StartsWith("| setting (environment variable", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .ToList();
        rows.Count.ShouldBeGreaterThan(10);
        foreach (var row in rows)
        {
            var section = "";
            foreach (var name in Quoted().Matches(row.Split('|')[1]).Select(match => match.Groups["name"].Value))
            {
                section = name.Contains("__", StringComparison.Ordinal) ? name.Split("__")[0] : section;
                // …__1 is another of the list before it.
                if (!name.StartsWith('…'))
                    yield return name.Contains("__", StringComparison.Ordinal) ? name : $"{section}__{name}";
            }
        }
    }

    /// <summary>Section__Name, or Section__Name__Number for one of a list.</summary>
    private static bool IsSetting(string path)
    {
        var parts = path.Split("__");
        var section = typeof(ServiceOptions).GetProperty(parts[0]);
        var setting = parts.Length > 1 ? section?.PropertyType.GetProperty(parts[1]) : null;
        return setting is { CanWrite: true }
            && (
                parts.Length == 2
                || (parts.Length == 3 && int.TryParse(parts[2], out _) && setting.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            );
    }

    [GeneratedRegex("EVENTARCHIVE_(?<path>[A-Za-z]+__[A-Za-z]+(__[0-9]+)?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("`(?<name>[A-Za-z0-9_…]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Read();

    [GeneratedRegex(@"^ {6}(?<name>[A-Z_]+): ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Given();

    [GeneratedRegex(@"^ +build: (?<folder>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Build();

    [GeneratedRegex("<NativeTools>(?<packages>.+)</NativeTools>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NativeTools();

    [GeneratedRegex(@"^COPY (?<file>\S+) \S+$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Copied();
}
