namespace EventArchive.Handlers;

/// <summary>How effects are taken, tried again and given up.</summary>
public sealed class WorkOptions
{
    /// <summary>A node that stops renewing for this long has lost its work to others.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the table is looked through for work that no message woke.</summary>
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An effect that was done, and whose report left its row as it was, is done again after this.</summary>
    public TimeSpan ReportTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after the first failed try; it doubles with each, up to <see cref="MaxDelay"/>, with up to a quarter of chance.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How soon an effect that met a missing archive root is tried again. Such a try is not counted.</summary>
    public TimeSpan RootDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries begun before an effect is given up.</summary>
    public int MaxAttempts { get; set; } = 20;

    /// <summary>Communities whose effects of one kind run at a time on this node.</summary>
    public int Concurrency { get; set; } = 2;
}
