using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>How far a rebuild has come, with its rate and the remaining time: on the bar of a terminal, or as a line now and then on standard error.</summary>
/// <param name="bar">Null: there is no terminal.</param>
internal sealed class RebuildView(ProgressBar? bar, TimeProvider time) : IProgress<RebuildProgress>
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    private long? startedAt;
    private long firstDone;
    private long shownAt;
    private long shownDone = -1;

    public void Report(RebuildProgress value)
    {
        if (startedAt is null)
        {
            (startedAt, firstDone, shownAt) = (time.GetTimestamp(), value.Done, time.GetTimestamp());
        }
        var text = Text(value, time.GetElapsedTime(startedAt.Value));
        if (bar is not null)
            bar.Step(text, value.Total, value.Done);
        else if (value.Done != shownDone && (value.Done >= value.Total || time.GetElapsedTime(shownAt) > BetweenLines))
        {
            (shownAt, shownDone) = (time.GetTimestamp(), value.Done);
            Console.Error.WriteLine(text);
        }
    }

    private string Text(RebuildProgress value, TimeSpan elapsed)
    {
        var text = $"{value.Name}: {value.Done:N0} of {value.Total:N0} events";
        var rate = (value.Done - firstDone) / Math.Max(elapsed.TotalSeconds, 0.001);
        if (rate < 1)
            return text;
        var left = TimeSpan.FromSeconds(Math.Ceiling((value.Total - value.Done) / rate));
        return $"{text}, {rate:N0} a second{(left > TimeSpan.Zero ? $", {left:g} left" : "")}";
    }
}
