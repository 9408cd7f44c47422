namespace EventArchive.Model;

/// <summary>The trackers that status-go uses, in its order (protocol/communities: defaultAnnounceList).</summary>
public static class PublicTrackers
{
    public static readonly IReadOnlyList<string> List =
    [
        "udp://tracker.opentrackr.org:1337/announce",
        "udp://tracker.openbittorrent.com:6969/announce",
    ];
}
