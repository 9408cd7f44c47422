using EventArchive.Events;
using EventArchive.Model;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>What the folds have in common.</summary>
internal static class Fold
{
    /// <summary>Between a community's id and what distinguishes its documents; a community's documents are one range of ids.</summary>
    private const char Separator = '/';

    /// <summary>The event's data in its newest form. Null: it is not to be folded.</summary>
    /// <param name="lastSeq">Of the document, which holds the event already if that is not older: a node that was paused folds some events again.</param>
    public static IEvent? Unseen(MartenEvent e, long? lastSeq) =>
        e.Data is IEvent data && !(e.Sequence <= lastSeq) ? ISupersededEvent.Newest(data) : null;

    public static string Key(CommunityId community, object part) => $"{community}{Separator}{part}";

    /// <summary>What stands behind the community in a document's id.</summary>
    public static string PartOf(string key) => key[(key.IndexOf(Separator) + 1)..];

    /// <summary>The document that an earlier event must have made.</summary>
    /// <exception cref="InvalidOperationException">There is none: the history is not one that our rules make.</exception>
    public static TDocument Known<TDocument>(TDocument? document, IEvent data, string maker)
        where TDocument : class =>
        document
        ?? throw new InvalidOperationException(
            $"{data.GetType().Name} stands in the stream of {data.CommunityId} without a {maker} before it."
        );
}
