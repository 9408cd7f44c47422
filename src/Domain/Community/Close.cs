using EventArchive.Events;

namespace EventArchive.Domain;

public sealed partial record Community
{
    /// <summary>The running cut is over: its windows are closed, and what it took is late no more.</summary>
    private Community Close(ulong to) =>
        Cutting is not { } cut
            ? this with
            {
                ArchivedUntil = to,
            }
            : this with
            {
                Cutting = null,
                ArchivedUntil = to,
                ClosedWindows = WindowGrid.Close(ClosedWindows, new ClosedWindows(cut.From, cut.To, cut.PartitionSeconds)),
                TakenMessages = Take(cut),
            };

    private IReadOnlyList<TakenMessages> Take(ArchiveCreationStarted cut)
    {
        // A cut of a release that knew no late messages took those of its own window alone.
        if (cut.TakenMessages is null && ClosedWindows.Count > 0)
            return [.. TakenMessages, new TakenMessages(cut.From, cut.To, cut.HighestMessageNumber, cut.ContentTopics)];
        // What the first cut's sender left out by its From was there, and stays out.
        return
        [
            .. TakenMessages
                .Select(taken => taken with { ContentTopics = [.. taken.ContentTopics.Except(cut.ContentTopics)] })
                .Where(taken => taken.ContentTopics.Count > 0),
            new TakenMessages(From: 0, cut.To, cut.HighestMessageNumber, cut.ContentTopics),
        ];
    }
}
