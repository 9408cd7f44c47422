namespace EventArchive.EventStore;

/// <summary>A community's state is of another shape than this version reads.</summary>
public sealed class UnreadableStateException(Exception inner)
    : UnusableCommunityException(
        $"A community's state in mt_doc_community cannot be read: {inner.Message} Stop all nodes and run eventarchive db apply, which rebuilds it.",
        inner
    );
