namespace EventArchive.Service;

/// <summary>How far a long work has come, on standard error, so that standard output holds the result alone; without a terminal there is none.</summary>
public sealed class ProgressBar : IProgress<long>
{
    private const int BarColumns = 10;

    /// <summary>With less than this left for the words there is no bar, and the number alone says how far it is.</summary>
    private const int MinTextColumns = 40;

    /// <summary>A step of unknown length says how long it has lasted, when that is longer than this.</summary>
    private static readonly TimeSpan ShortStep = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time;
    private volatile Shown now;

    internal ProgressBar(string what, TimeProvider time)
    {
        this.time = time;
        now = new Shown(what, Total: null, Done: 0, time.GetTimestamp());
    }

    /// <param name="what">The first step, for people.</param>
    /// <param name="work">Gets the bar while it is shown.</param>
    public static Task<T> Show<T>(string what, Func<ProgressBar, Task<T>> work)
    {
        var bar = new ProgressBar(what, TimeProvider.System);
        return TerminalLine.OfConsole() is { } line ? line.Show(bar.Draw, () => work(bar)) : work(bar);
    }

    /// <param name="total">How much there is to do; null: not known.</param>
    /// <param name="done">How much of it is done.</param>
    public void Step(string what, long? total = null, long done = 0) => now = new Shown(what, total, done, time.GetTimestamp());

    /// <param name="value">How much is done.</param>
    public void Report(long value) => now = now with { Done = value };

    /// <summary>The bar as a text that fits, as long as the words do.</summary>
    internal string Draw(int columns)
    {
        var (what, total, done, since) = now;
        if (total is null)
            return time.GetElapsedTime(since) is var lasted && lasted < ShortStep ? what : $"{what}, {lasted.TotalSeconds:0} s";
        // Rounded down: what is not done is not 100 %.
        var share = total > 0 ? Math.Clamp((double)done / total.Value, 0, 1) : 1;
        var percent = $"{Math.Floor(share * 100):0} %".PadLeft(5);
        var full = (int)(share * BarColumns);
        var bar = columns < BarColumns + MinTextColumns ? "" : $"[{new string('#', full)}{new string('.', BarColumns - full)}] ";
        return $"{bar}{percent}  {what}";
    }

    private sealed record Shown(string What, long? Total, long Done, long Since);
}
