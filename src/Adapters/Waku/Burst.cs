using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// Messages that a store gave at one time: of each community and type only the newest is news. Which is the newest the community's signature
/// says, not the time of sending: anyone can send again, today, what it signed long ago.
/// </summary>
/// <param name="clockLimit">A magnetlink with a higher clock is not heeded, so it must not hide the true ones.</param>
internal sealed class Burst(Clock clockLimit)
{
    private readonly Dictionary<(CommunityId Community, int Type), HeardMessage> newest = [];

    public IEnumerable<(CommunityId Community, HeardMessage Message)> Newest => newest.Select(one => (one.Key.Community, one.Value));

    /// <returns>How many are overtaken by this: the message itself, or the one that was the newest before; 0 or 1.</returns>
    public int Add(CommunityId community, HeardMessage message)
    {
        var known = newest.GetValueOrDefault((community, message.Type));
        if (known is null || Rank(message).CompareTo(Rank(known)) > 0)
            newest[(community, message.Type)] = message;
        return known is null ? 0 : 1;
    }

    private (bool Usable, ulong Clock) Rank(HeardMessage message) =>
        (message.Type != ApplicationMessage.MagnetlinkType || message.Clock <= clockLimit.Milliseconds, message.Clock);
}
