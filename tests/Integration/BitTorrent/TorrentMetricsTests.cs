using System.Diagnostics.Metrics;
using EventArchive.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>What an operator's dashboard sees.</summary>
public sealed class TorrentMetricsTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sums_and_active_torrents_are_measured_and_what_is_away_counts_as_faulty()
    {
        await using var member = await Engine.Start();
        // Engines of other tests measure under the same name: only this one's figures are looked at.
        await using var owner = await Engine.Start(new BitTorrentOptions { DiskCheckInterval = TimeSpan.FromMilliseconds(200) });
        var active = RandomTorrent.Make(folder.Sub("owner"), pieces: 7);
        await owner.Seed(active, Cancellation);
        await member.Download(active.At(folder.Sub("member")), [owner.Peer!], new Reports(), Cancellation);
        const long total = (7 * RandomTorrent.PieceBytes) + 5_000;
        await Eventually.Is(() => owner.List().Single().UploadedBytes >= total, "what was sent is counted");

        var sent = Measure().Where(one => one.Name == "eventarchive.torrent.sent" && one.Tags.Contains(active.InfoHash.ToString()));
        sent.Max(one => one.Value).ShouldBeGreaterThanOrEqualTo(total);
        Measure().Where(one => one.Name == "eventarchive.sent").Max(one => one.Value).ShouldBeGreaterThanOrEqualTo(total);

        File.Delete(active.DataPath);
        await Eventually.Is(
            () => Measure().Any(one => one.Name == "eventarchive.torrents" && one.Tags.Contains("faulty") && one.Value > 0),
            "the torrent counts as faulty"
        );
    }

    private static List<(string Name, long Value, List<string?> Tags)> Measure()
    {
        List<(string, long, List<string?>)> all = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == TorrentMetrics.MeterName)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return all;

        void Keep(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            List<string?> texts = [];
            foreach (var tag in tags)
                texts.Add(tag.Value?.ToString());
            all.Add((instrument.Name, value, texts));
        }
    }
}
