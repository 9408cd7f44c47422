using System.Diagnostics.Metrics;
using EventArchive.Handlers;

namespace EventArchive.BitTorrent;

/// <summary>
/// The meter <c>EventArchive.BitTorrent</c>. What carries the tag <c>info_hash</c> is told for the torrents that had a peer or sent or fetched
/// something in this process, at most <see cref="MaxTorrents"/> of them; the rest are in the sums.
/// </summary>
internal sealed class TorrentMetrics : IDisposable
{
    public const string MeterName = "EventArchive.BitTorrent";
    public const int MaxTorrents = 500;

    private readonly Meter meter;
    private readonly Func<IReadOnlyList<TorrentStatus>> look;

    /// <param name="meters">Null: outside a host.</param>
    public TorrentMetrics(IMeterFactory? meters, Func<IReadOnlyList<TorrentStatus>> look)
    {
        this.look = look;
        meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        meter.CreateObservableGauge("eventarchive.torrents", Count, description: "Torrents by state: seeding, fetching, faulty.");
        meter.CreateObservableGauge("eventarchive.torrent.peers", () => Each(torrent => torrent.Peers));
        meter.CreateObservableGauge("eventarchive.torrent.done", () => Each(torrent => torrent.DoneBytes), "By");
        meter.CreateObservableCounter("eventarchive.torrent.sent", () => Each(torrent => torrent.UploadedBytes), "By");
        meter.CreateObservableCounter("eventarchive.torrent.received", () => Each(torrent => torrent.ReceivedBytes), "By");
        meter.CreateObservableGauge("eventarchive.peers", () => look().Sum(torrent => torrent.Peers));
        meter.CreateObservableCounter("eventarchive.sent", () => look().Sum(torrent => torrent.UploadedBytes), "By");
        meter.CreateObservableCounter("eventarchive.received", () => look().Sum(torrent => torrent.ReceivedBytes), "By");
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<int>> Count() =>
        look()
            .CountBy(torrent =>
                torrent switch
                {
                    { Fault: not null } => "faulty",
                    { Seeding: true } => "seeding",
                    _ => "fetching",
                }
            )
            .Select(state => new Measurement<int>(state.Value, new KeyValuePair<string, object?>("state", state.Key)));

    private IEnumerable<Measurement<long>> Each(Func<TorrentStatus, long> value) =>
        look()
            .Where(torrent => torrent.Peers > 0 || torrent.LastActive is not null)
            .OrderByDescending(torrent => torrent.LastActive)
            .Take(MaxTorrents)
            .Select(torrent => new Measurement<long>(
                value(torrent),
                new KeyValuePair<string, object?>("info_hash", torrent.InfoHash.ToString()),
                new KeyValuePair<string, object?>("community", torrent.CommunityId.ToString())
            ));
}
