using EventArchive.Events;
using EventArchive.Model;
using Marten.Events.Projections;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>What happened, in plain words?</summary>
/// <param name="Id"><c>0x…community/</c> and <paramref name="Seq"/> in the width of the largest number, so that the order of texts is that of numbers.</param>
/// <param name="Seq">The event's position in the store.</param>
/// <param name="Type">The name under which the event is stored.</param>
/// <param name="Text">One sentence.</param>
public sealed record TimelineEntry(string Id, long Seq, DateTimeOffset At, CommunityId CommunityId, string Type, string Text);

/// <summary>One document for each event, and none is ever changed; a community's ids are in the order of its events.</summary>
public sealed class Timeline : MultiStreamProjection<TimelineEntry, string>
{
    public Timeline()
    {
        Name = "Timeline";
        Version = 1;
        foreach (var (_, type) in StoredName.All)
            IncludeType(type);
        Identity<MartenEvent>(KeyOf);
    }

    public override TimelineEntry? Evolve(TimelineEntry? row, string id, MartenEvent e) =>
        Fold.Unseen(e, row?.Seq) is { } data
            ? new(id, e.Sequence, e.Timestamp, data.CommunityId, StoredName.Of(data.GetType()), Tell(data))
            : row;

    /// <summary>Null: it is none of our events.</summary>
    public static string KeyOf(MartenEvent e) => e.Data is IEvent data ? Fold.Key(data.CommunityId, e.Sequence.ToString("D19")) : null!;

    private static string Tell(IEvent @event) =>
        @event switch
        {
            HistoryArchivesEnabled e =>
                $"The history is kept here as {(e.ControlNode ? "control node" : "member")} on {e.PubsubTopic}, with {Count(e.ContentTopics.Count, "channel")}.",
            ChannelsChanged { PubsubTopic: { } pubsubTopic } e =>
                $"The community now has {Count(e.ContentTopics.Count, "channel")} and speaks on {pubsubTopic}.",
            ChannelsChanged { MagnetlinkClock: { } clock } e =>
                $"The community now has {Count(e.ContentTopics.Count, "channel")}; its description names the clock {clock}.",
            ChannelsChanged e => $"The community now has {Count(e.ContentTopics.Count, "channel")}.",
            ArchiveCreationStarted e => $"The cut of {Window(e.From, e.To)} began.",
            ArchiveCreated e =>
                $"Node {e.Node} cut {Window(e.From, e.To)} into {Count(e.Archives.Count, "archive")} with {Count(e.Messages, "message")}; torrent {e.InfoHash} holds {Count(e.ArchiveCount, "archive")}, {Count(e.DataBytes, "byte")}.",
            ArchiveSkipped e => $"{Window(e.From, e.To)} held no message and is closed.",
            ArchiveCreationFailed e => $"The cut of {Window(e.From, e.To)} was given up: {e.Reason}",
            SeedingStopped e =>
                $"Node {e.Node} serves torrent {e.InfoHash} no more: {Because(e.Reason)}; {Count(e.SeedersLeft, "node")} {(e.SeedersLeft == 1 ? "seeds" : "seed")} the present one.",
            SeedingStarted e => $"Node {e.Node} serves torrent {e.InfoHash}{(e.Peer is { } peer ? $" at {peer}" : "")}.",
            AnnouncementRequested e => $"An announcement of torrent {e.InfoHash} was asked for.",
            AnnouncementPrepared e => $"The announcement of torrent {e.InfoHash} was signed with the clock {e.Clock}.",
            MagnetlinkPublished e =>
                $"Torrent {e.InfoHash} was announced with the clock {e.Clock} on {Count(e.ContentTopics.Count, "channel")}.",
            AnnouncementFailed e => $"The announcement of torrent {e.InfoHash} with the clock {e.Clock} was given up: {e.Reason}",
            MagnetlinkReceived e => $"An announcement of torrent {e.InfoHash} with the clock {e.Clock} was heard.",
            MagnetlinkIgnored e =>
                $"An announcement of torrent {e.InfoHash} with the clock {e.Clock} was left unheeded: {Because(e.Reason)}.",
            DownloadStarted e => $"The download of torrent {e.InfoHash} began.",
            ArchivesDownloaded e => $"{Count(e.Archives.Count, "archive")} of the {e.Total} in torrent {e.InfoHash} came.",
            DownloadCompleted e =>
                $"Torrent {e.InfoHash} is complete on disk: {Count(e.ArchiveCount, "archive")}, {Count(e.DataBytes, "byte")}.",
            DownloadFailed e => $"The download of torrent {e.InfoHash} was given up: {e.Reason}",
            DownloadCancelled e => $"The download of torrent {e.InfoHash} ended because torrent {e.ReplacedBy} took its place.",
            ImportStarted e => $"The import of {Count(e.Archives.Count, "archive")} of torrent {e.InfoHash} began.",
            ArchivesImported e =>
                $"{Count(e.Archives.Count, "archive")} of torrent {e.InfoHash} brought {Count(e.Messages, "new message")}; {e.Repeats} were there before.",
            ArchiveQuarantined e => $"Archive {e.Archive} of torrent {e.InfoHash} was quarantined: {e.Reason}",
            DownloadParked e => $"The index of torrent {e.InfoHash} waits for the hash ratchet key {e.MissingKey}.",
            ArchivesParked e =>
                $"{Count(e.Archives.Count, "archive")} of torrent {e.InfoHash} wait for {Count(e.Archives.Select(parked => parked.MissingKey).Distinct().Count(), "hash ratchet key")}.",
            HistoryGapFound e =>
                $"What was said in {Window(e.From, e.To)} on {Count(e.ContentTopics.Count, "channel")} was not heard, and no store node could tell it: {e.Reason}",
            HistoryGapFilled e =>
                $"A store node told what was said in {Window(e.From, e.To)} on {Count(e.ContentTopics.Count, "channel")}.",
            HistoryImported e => $"All archives of torrent {e.InfoHash} are imported, quarantined or parked.",
            _ => throw new InvalidOperationException($"The timeline has no sentence for {@event.GetType().Name}."),
        };

    private static string Because(IgnoredBecause reason) =>
        reason switch
        {
            IgnoredBecause.OlderClock => "a higher clock was known already",
            IgnoredBecause.ClockUsedTwice => "another magnet with this clock came first",
            IgnoredBecause.ClockTooFarAhead => "its clock is too far ahead",
            IgnoredBecause.OwnMessage => "this is the control node, and another holder of the key sent it",
            _ => reason.ToString(),
        };

    private static string Because(StoppedBecause reason) =>
        reason switch
        {
            StoppedBecause.NodeRetired => "the node is retired",
            StoppedBecause.TakenOver => "it is no seeder any more",
            _ => reason.ToString(),
        };

    private static string Count(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Seconds that no calendar holds are written as they are.</summary>
    private static string Window(ulong from, ulong to) => $"[{Moment(from)}, {Moment(to)})";

    private static string Moment(ulong seconds) =>
        seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm:ss'Z'")
            : seconds.ToString();
}
