using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// The chat ids on which a community's magnetlink messages travel. Status listened on the first from 2022 and moved to the second in 2025,
/// so a sender speaks on both and a receiver listens on both.
/// </summary>
public static class MagnetlinkChannels
{
    public static IReadOnlyList<string> Of(CommunityId community) => [$"{community}-magnetlinks", $"{community}-memberUpdate"];
}
