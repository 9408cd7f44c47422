namespace EventArchive.Waku;

/// <summary>What became of a message that was heard on a followed channel.</summary>
internal enum HeardOutcome
{
    HandedOn,

    /// <summary>A newer one of the same kind came with it from the store.</summary>
    Overtaken,

    /// <summary>Another key than the community's signed it.</summary>
    Stranger,

    /// <summary>Signed, and about something else: the channel -memberUpdate carries other messages too.</summary>
    OtherType,

    Undecodable,

    /// <summary>The receiver failed every time.</summary>
    GivenUp,
}
