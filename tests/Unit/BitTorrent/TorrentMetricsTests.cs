using System.Diagnostics.Metrics;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Tests.Unit.Domain;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.BitTorrent;

public sealed class TorrentMetricsTests
{
    private static readonly TorrentStatus Seeding = new(Sample.Hash(1), Sample.Id, true, 400, 400, 3, 600, 5, Sample.Now);
    private static readonly TorrentStatus Fetching = new(Sample.Hash(2), Sample.Id, false, 100, 400, 2, 10, 100, LastActive: null);
    private static readonly TorrentStatus Idle = new(Sample.Hash(3), Sample.Id, true, 400, 400, 0, 7, 0, LastActive: null);
    private static readonly TorrentStatus Away = Idle with { InfoHash = Sample.Hash(4), Seeding = false, Fault = "The files are away." };

    [Fact]
    public void Each_torrent_that_had_a_peer_is_measured_and_all_are_in_the_sums()
    {
        var measured = Measure([Seeding, Fetching, Idle, Away]);

        measured.ShouldBe(
            [
                "eventarchive.torrents state=seeding 2",
                "eventarchive.torrents state=fetching 1",
                "eventarchive.torrents state=faulty 1",
                "eventarchive.peers 5",
                "eventarchive.sent 624",
                "eventarchive.received 105",
                .. Of(Seeding, peers: 3, done: 400, sent: 600, received: 5),
                .. Of(Fetching, peers: 2, done: 100, sent: 10, received: 100),
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public void The_torrents_of_which_there_may_be_thousands_are_bounded_and_the_most_recent_ones_stay()
    {
        var many = Enumerable
            .Range(1, TorrentMetrics.MaxTorrents + 1)
            .Select(number => Seeding with { InfoHash = Sample.Hash(number), LastActive = Sample.Now.AddSeconds(number) })
            .ToList();

        var each = Measure(many).Where(line => line.StartsWith("eventarchive.torrent.peers ", StringComparison.Ordinal)).ToList();

        each.Count.ShouldBe(TorrentMetrics.MaxTorrents);
        each.ShouldNotContain(line => line.Contains(Sample.Hash(1).ToString()));
    }

    private static string[] Of(TorrentStatus torrent, int peers, int done, int sent, int received)
    {
        var tags = $"info_hash={torrent.InfoHash} community={torrent.CommunityId}";
        return
        [
            $"eventarchive.torrent.peers {tags} {peers}",
            $"eventarchive.torrent.done {tags} {done}",
            $"eventarchive.torrent.sent {tags} {sent}",
            $"eventarchive.torrent.received {tags} {received}",
        ];
    }

    /// <summary>Name, tags and value of each.</summary>
    private static List<string> Measure(IReadOnlyList<TorrentStatus> torrents)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var metrics = new TorrentMetrics(meters, () => torrents);
        List<string> lines = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            // Other tests measure under the same name.
            if (instrument.Meter.Scope == meters)
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return lines;

        void Keep(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = instrument.Name;
            foreach (var (key, of) in tags)
                text += $" {key}={of}";
            lines.Add($"{text} {value}");
        }
    }
}
