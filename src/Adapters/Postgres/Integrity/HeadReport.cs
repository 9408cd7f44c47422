namespace EventArchive.Postgres;

/// <summary>What became of the heads, and of the events that they cover.</summary>
/// <param name="Events">What the walk over all streams found.</param>
public sealed record HeadReport(VerifyReport Events, IReadOnlyList<HeadCheck> Heads)
{
    public bool Whole => Events.Whole && Heads.All(head => head.Faults.Count == 0);
}

/// <param name="Faults">Sentences for people; none: the head fits.</param>
public sealed record HeadCheck(Head Head, IReadOnlyList<string> Faults);
