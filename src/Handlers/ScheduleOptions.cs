namespace EventArchive.Handlers;

/// <summary>What a control node does by itself, and when.</summary>
public sealed record ScheduleOptions
{
    /// <summary>A window of this length is cut when it is over; it is the length of an archive too. Zero: windows are cut by command alone.</summary>
    public TimeSpan CutEvery { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long after its end a window is cut: messages under way shall not be late.</summary>
    public TimeSpan CutDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The present torrent is announced again this long after its last announcement. Zero: by command alone.</summary>
    public TimeSpan AnnounceEvery { get; init; } = TimeSpan.FromHours(8);

    /// <summary>A seeder that was restarted announces the torrent again, but not sooner after the last announcement than this. Zero: it does not.</summary>
    public TimeSpan AnnounceAfterRestart { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The wait before a cut or an announcement that failed, or that was refused, is begun anew.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a node looks what is due.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One sentence per setting that cannot work; empty when all can.</summary>
    public IEnumerable<string> Faults()
    {
        if (CutEvery != TimeSpan.Zero && (CutEvery < TimeSpan.FromMinutes(1) || CutEvery > TimeSpan.FromDays(366)))
            yield return "Schedule:CutEvery is a minute to 366 days, or 00:00:00 to cut by command alone.";
        if (CutDelay < TimeSpan.Zero || CutDelay > TimeSpan.FromDays(30))
            yield return "Schedule:CutDelay is at most 30 days.";
        if (AnnounceEvery < TimeSpan.Zero || AnnounceAfterRestart < TimeSpan.Zero)
            yield return "Schedule: AnnounceEvery and AnnounceAfterRestart are times like 08:00:00, or 00:00:00 for never.";
        if (RetryAfter < TimeSpan.FromSeconds(1) || Look <= TimeSpan.Zero)
            yield return "Schedule: RetryAfter is at least a second, and Look is longer than nothing.";
    }
}
