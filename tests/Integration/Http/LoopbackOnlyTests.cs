using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>Nothing that tests or ./run start talks to another machine, or lets one in.</summary>
[Collection(ServicePair.Collection)]
public sealed class LoopbackOnlyTests(ServicePair pair) : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_socket_of_owner_member_seeder_downloader_and_waku_nodes_is_on_loopback()
    {
        await using var seeding = await Seeding.Start(pair.OwnerSettings.Archives, Cancellation);
        // A download from a seeder that stands still lasts until the watch has seen it.
        await Signal("STOP", seeding.ProcessId);
        await using var download = Verb.Start("download", seeding.Magnet, "--out", folder.Sub("fetched"), "--json");
        pair.Sockets.Watch(seeding.ProcessId, download.Id);
        await Eventually.Is(
            () => download.HasExited || pair.Sockets.Seen.Any(socket => socket.ProcessId == download.Id && socket.IsListening),
            "the watch sees the download listen"
        );
        await Signal("CONT", seeding.ProcessId);

        (await download.Exit(TimeSpan.FromSeconds(60), Cancellation)).ShouldBe(0, download.Tail);

        var seen = pair.Sockets.Seen;
        seen.Where(socket => !socket.IsOnLoopback).ShouldBeEmpty();
        foreach (var process in new[] { pair.Owner.ProcessId, pair.Member.ProcessId, seeding.ProcessId, download.Id })
            seen.ShouldContain(socket => socket.ProcessId == process && socket.IsListening, "The watch must see what there is.");
        seen.ShouldContain(socket => socket.ProcessId == pair.Owner.ProcessId && socket.Local.Port == pair.OwnerSettings.TorrentPort);
        seen.ShouldContain(socket => socket.ProcessId == pair.Owner.ProcessId && socket.Remote.Port == pair.OwnerSettings.Waku.Port);
    }

    [Fact]
    public async Task The_nodes_that_tests_and_the_launcher_start_have_discovery_off()
    {
        foreach (var settings in new[] { pair.OwnerSettings, pair.MemberSettings })
        {
            var log = await File.ReadAllTextAsync(settings.LogFile, Cancellation);
            log.ShouldContain("discovery is Off");
            log.ShouldContain("BitTorrent listens on 127.0.0.1:");
        }
    }

    private static async Task Signal(string signal, int process)
    {
        using var kill = ChildProcess.Start("kill", "-s", signal, $"{process}");
        await kill.WaitForExitAsync(Cancellation);
        kill.ExitCode.ShouldBe(0);
    }
}
