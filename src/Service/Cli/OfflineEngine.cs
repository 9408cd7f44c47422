using System.CommandLine;
using EventArchive.BitTorrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>BitTorrent for one verb. Discovery is off: peers are those that are named, and a tracker only if one is given.</summary>
public static class OfflineEngine
{
    public static Option<string[]> TrackerOption() =>
        new("--tracker")
        {
            Description = "Announce to this tracker, may be repeated; the ones named in a magnet or a .torrent are never asked",
            HelpName = "URL",
        };

    /// <exception cref="FormatException">An address is not one.</exception>
    /// <exception cref="EventArchive.Handlers.TorrentException">It cannot be listened on.</exception>
    public static async Task<LibtorrentEngine> Start(string listen, string[]? trackers, CancellationToken cancellation)
    {
        var options = new BitTorrentOptions
        {
            Listen = listen,
            Discovery = trackers is { Length: > 0 } ? Discovery.Trackers : Discovery.Off,
            Trackers = [.. (trackers ?? []).Select(Address)],
        };
        if (options.Faults().FirstOrDefault() is { } fault)
            throw new FormatException(
                fault
                    .Replace("BitTorrent:Listen", "--listen", StringComparison.Ordinal)
                    .Replace("BitTorrent:Trackers", "--tracker", StringComparison.Ordinal)
            );
        var engine = new LibtorrentEngine(Options.Create(options), TimeProvider.System, NullLogger<LibtorrentEngine>.Instance);
        await engine.StartAsync(cancellation);
        return engine;
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw new FormatException($"--tracker is an address like http://127.0.0.1:6969/announce, not '{text}'.");
}
