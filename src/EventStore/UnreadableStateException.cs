namespace EventArchive.EventStore;

/// <summary>A community's state that this version cannot read: whoever meets it leaves this community out and goes on with the others.</summary>
public sealed class UnreadableStateException(Exception inner) : UnreadableEventException(0, inner.Message, inner)
{
    public override string Message =>
        $"A community's state in mt_doc_community cannot be read: {Reason} Stop all nodes and run eventarchive db apply, which rebuilds it.";
}
