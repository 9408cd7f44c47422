using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// The chat ids on which a community's magnetlink messages travel. Status listened on the first from 2022 and moved to the second in 2025,
/// so a sender speaks on both and a receiver listens on both.
/// </summary>
public static class MagnetlinkChannels
{
    public static IReadOnlyList<string> Of(CommunityId community) => [$"{community}-magnetlinks", Universal(community)];

    /// <summary>On which the members of newer releases say everything.</summary>
    public static string Universal(CommunityId community) => $"{community}-memberUpdate";

    /// <summary>Those, and the channel on which the community describes itself.</summary>
    public static IReadOnlyList<string> AndDescription(CommunityId community) => [.. Of(community), $"{community}"];
}
