namespace EventArchive.BitTorrent;

/// <summary>Whether a disk has room for what is fetched.</summary>
internal static class DiskSpace
{
    /// <summary>Null: more than the floor is left, or nobody can say how much.</summary>
    public static string? FindFault(string root, long minFreeBytes)
    {
        try
        {
            var left = new DriveInfo(root).AvailableFreeSpace;
            return left < minFreeBytes
                ? $"The disk of {root} has {left} bytes left, fewer than BitTorrent:MinFreeBytes = {minFreeBytes}: free some, or set a lower "
                    + "floor. A download goes on where it stopped."
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
