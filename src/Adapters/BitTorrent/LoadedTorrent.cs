namespace EventArchive.BitTorrent;

/// <summary>One look at a torrent in the session. The error is null unless libtorrent stopped the torrent.</summary>
internal sealed record LoadedTorrent(Native.Status Status, IReadOnlyList<bool> Pieces, string? Error)
{
    public bool Checking => Status.State == Native.State.Checking;

    public bool Seeding => Status.State == Native.State.Seeding;

    public bool SeedOnly => Status.Flags.HasFlag(Native.Flags.SeedOnly);

    public bool MetadataOnly => Status.Flags.HasFlag(Native.Flags.MetadataOnly);
}
