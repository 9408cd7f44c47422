using System.Diagnostics;
using System.Text.Json;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit;

public sealed class BundledMessagesTests
{
    private static readonly string Bundle = Repository.File("infra", "messages", "community.json");

    [Fact]
    public async Task The_generator_writes_the_bundled_file_byte_for_byte_so_that_its_info_hash_repeats()
    {
        var start = new ProcessStartInfo("node", [Repository.File("infra", "messages", "generate.mjs")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var generator = ChildProcess.Start(start);
        using var written = new MemoryStream();
        await generator.StandardOutput.BaseStream.CopyToAsync(written, TestContext.Current.CancellationToken);
        await generator.WaitForExitAsync(TestContext.Current.CancellationToken);

        generator.ExitCode.ShouldBe(0);
        var bundled = await File.ReadAllBytesAsync(Bundle, TestContext.Current.CancellationToken);
        written.ToArray().AsSpan().SequenceEqual(bundled).ShouldBeTrue("infra/messages/community.json is not what generate.mjs writes.");
    }

    [Fact]
    public async Task The_bundle_is_a_community_of_believable_size_within_its_own_dates()
    {
        await using var file = File.OpenRead(Bundle);
        using var document = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        var community = document.RootElement;
        var start = community.GetProperty("startDate").GetInt64();
        var end = community.GetProperty("endDate").GetInt64();
        var partition = community.GetProperty("partitionSeconds").GetInt64();
        var channels = community.GetProperty("chatIds").EnumerateArray().Select(id => id.GetString()).ToList();
        var messages = community.GetProperty("messages").EnumerateArray().ToList();
        var times = messages.Select(message => message.GetProperty("timestamp").GetInt64()).ToList();

        DateTimeOffset.FromUnixTimeSeconds(start).DayOfWeek.ShouldBe(DayOfWeek.Monday);
        ((end - start) / partition).ShouldBeGreaterThanOrEqualTo(10);
        channels.Count.ShouldBeGreaterThanOrEqualTo(3);
        messages.Count.ShouldBeGreaterThanOrEqualTo(5_000);
        times.ShouldBeInOrder();
        times[0].ShouldBeGreaterThanOrEqualTo(start);
        times[^1].ShouldBeLessThan(end);
        times
            .Select(time => (time - start) / partition)
            .Distinct()
            .Count()
            .ShouldBe((int)((end - start) / partition), "Every week has messages.");
        messages.ShouldAllBe(message => channels.Contains(message.GetProperty("chatId").GetString()));
    }
}
