using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Domain;

public sealed class CommunityPropertyTests
{
    private const int Steps = 200;

    /// <summary>A longer run: <c>EVENTARCHIVE_TEST_SEEDS=5000</c>.</summary>
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("EVENTARCHIVE_TEST_SEEDS") ?? "80");

    private static readonly string[] ControlNodeRefusals =
    [
        "unknown_community",
        "key_missing",
        "already_enabled",
        "no_channels",
        "archive_creation_running",
        "restore_running",
        "nothing_recorded",
        "window_gap",
        "window_not_over",
        "window_empty",
        "too_many_windows",
        "nothing_seeded",
        "nothing_archived",
        "clock_too_far_ahead",
        "encryption_stated",
        "ratchet_key_missing",
    ];

    [Fact]
    public void Whatever_comes_to_a_control_node_no_invariant_breaks() =>
        Walk(controlNode: true)
            .ShouldBe(
                [.. StoredName.All.Select(name => name.Key).Except(["magnetlink_received", "download_cancelled"]), .. ControlNodeRefusals],
                ignoreOrder: true
            );

    [Fact]
    public void Whatever_comes_to_a_member_no_invariant_breaks() =>
        Walk(controlNode: false)
            .ShouldBe(
                [
                    "history_archives_enabled",
                    "channels_changed",
                    "seeding_started",
                    "seeding_stopped",
                    "magnetlink_received",
                    "magnetlink_ignored",
                    "download_started",
                    "archives_downloaded",
                    "download_completed",
                    "download_failed",
                    "download_cancelled",
                    "import_started",
                    "archives_imported",
                    "archive_quarantined",
                    "archives_parked",
                    "download_parked",
                    "history_imported",
                    "history_gap_found",
                    "history_gap_filled",
                    "unknown_community",
                    "already_enabled",
                    "encryption_stated",
                    "not_control_node",
                    "clock_too_far_ahead",
                ],
                ignoreOrder: true
            );

    /// <returns>What happened in all walks: a walk that does not get everywhere proves little.</returns>
    private static HashSet<string> Walk(bool controlNode)
    {
        HashSet<string> seen = [];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var walk = new CommunityWalk(new Random(seed), controlNode);
            for (var step = 0; step < Steps; step++)
            {
                try
                {
                    walk.Step();
                }
                catch (Exception fault)
                {
                    throw new InvalidOperationException($"Seed {seed}, step {step}, {walk}: {fault.Message}", fault);
                }
            }
            seen.UnionWith(walk.Seen);
        }
        return seen;
    }
}
