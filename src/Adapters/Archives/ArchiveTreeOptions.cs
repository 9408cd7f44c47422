namespace EventArchive.Archives;

/// <summary>Where the archive tree is, and what its .torrent files say besides the pieces.</summary>
public sealed record ArchiveTreeOptions
{
    /// <summary>An existing folder. The tree makes folders below it, never the root itself: a missing root is a missing disk.</summary>
    public required string Root { get; init; }

    /// <summary>
    /// Without the file <see cref="ArchiveRoot.MarkerName"/> the root counts as missing: the service's way. A folder that somebody names on the
    /// command line needs none.
    /// </summary>
    public bool DemandMarker { get; init; }

    /// <summary>Put into every .torrent and magnet. Text only: whether anyone contacts them is the engine's setting.</summary>
    public IReadOnlyList<string> Trackers { get; init; } = ArchiveFormat.DefaultTrackers;

    /// <summary>The product's name. Status-go writes the account key of whoever runs the control node there; that is nobody's business.</summary>
    public string CreatedBy { get; init; } = "EventArchive";
}
