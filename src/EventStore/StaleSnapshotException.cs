namespace EventArchive.EventStore;

/// <summary>A community's state is missing or older than its stream: deciding on it could use a clock twice. The message says what to do.</summary>
public sealed class StaleSnapshotException(string streamId, long? found, long version)
    : UnusableCommunityException(
        $"The state of {streamId} is {(found is null ? "missing" : $"at version {found}")} and its stream at version {version}: nothing is decided on it. "
            + "Stop all nodes and run eventarchive db apply, which rebuilds it."
    );
