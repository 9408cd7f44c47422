using System.Text.RegularExpressions;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Projections;
using EventArchive.Testing;
using EventArchive.Tests.MainLine;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>The list of crash points is whole: what the main line does, and what the sources name, is in it.</summary>
public sealed class CrashPointsTests(CrashServers servers)
{
    private static readonly Regex Call = new(
        @"Steps\.(?<when>Before|After)\(""(?<act>\w+)"", (""(?<name>\w+)""|[^;]+)\);",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    [Fact]
    public void The_owner_can_be_killed_around_each_append_each_event_and_each_effect() =>
        HoldAgainst(servers.Uninterrupted.Owner, CrashPoints.Owner);

    [Fact]
    public void The_member_can_be_killed_around_each_append_each_event_and_each_effect() =>
        HoldAgainst(servers.Uninterrupted.Member, CrashPoints.Member);

    [Fact]
    public void Every_row_kills_somebody_and_every_point_is_in_one_row()
    {
        CrashPoints.Rows.Select(row => row.Owner).OfType<string>().ShouldBe(CrashPoints.Owner, ignoreOrder: true);
        CrashPoints.Rows.Select(row => row.Member).OfType<string>().ShouldBe(CrashPoints.Member, ignoreOrder: true);
    }

    [Fact]
    public void Every_crash_point_of_the_sources_is_of_a_kind_that_the_list_knows()
    {
        var calls = Directory
            .EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Call.Matches(File.ReadAllText(file)))
            .Select(call => (When: call.Groups["when"].Value, Act: call.Groups["act"].Value, Name: call.Groups["name"].Value))
            .ToList();
        // Named where they stand: the steps of a cut.
        calls
            .Where(call => call.Name.Length > 0)
            .Select(call => $"{call.When.ToLowerInvariant()}:{call.Act}:{call.Name}")
            .ShouldBe(CrashPoints.Owner.Where(point => point.Contains(":cut:")), ignoreOrder: true);
        // Named after what they handle.
        calls
            .Where(call => call.Name.Length == 0)
            .Select(call => $"{call.When} {call.Act}")
            .ShouldBe(
                ["Before append", "After append", "Before publish", "After publish", "Before effect", "After effect"],
                ignoreOrder: true
            );
    }

    private static void HoldAgainst(LineSide side, IReadOnlyList<string> points)
    {
        var firstOfAppends = side.Events.GroupBy(e => e.Cause).Select(append => append.MinBy(e => e.Version)!);
        // Archives that are not yet reported when the download ends are reported in the append of its end, before it.
        var ends = side.Events.Where(e => StoredName.TypeOf(e.Type) == typeof(DownloadCompleted));
        Named(points, "append").ShouldBe(NamesOf(firstOfAppends.Concat(ends)), ignoreOrder: true);
        Named(points, "publish").ShouldBe(NamesOf(side.Events), ignoreOrder: true);
        Named(points, "effect").ShouldBe(EffectsOf(side.Events), ignoreOrder: true);
        foreach (var (before, after) in points.Chunk(2).Select(pair => (pair[0], pair[1])))
            after.ShouldBe(before.Replace("before:", "after:", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Named(IEnumerable<string> points, string act) =>
        points.Where(point => point.StartsWith($"before:{act}:", StringComparison.Ordinal)).Select(point => point.Split(':')[2]);

    private static IEnumerable<string> NamesOf(IEnumerable<EventRow> events) =>
        events.Select(e => StoredName.TypeOf(e.Type)!.Name).Distinct();

    private static IEnumerable<string> EffectsOf(IEnumerable<EventRow> events) =>
        events
            .Select(e => PendingWork.Apply(EventJson.Read(e.Seq, e.Type, e.Data.GetRawText())).Due)
            .OfType<Effect>()
            .Select(effect => effect.ToString())
            .Distinct();
}
