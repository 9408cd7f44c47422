namespace EventArchive.Service;

/// <summary>The last line of a terminal, written over as long as some work lasts and gone behind it. It is never folded, so that it can be taken back.</summary>
/// <param name="terminal">Understands ESC [ K, as all do but the one called dumb.</param>
/// <param name="width">Asked before each writing: a window is resized while one looks on.</param>
internal sealed class TerminalLine(TextWriter terminal, Func<int> width, TimeProvider time)
{
    private const string Erase = "\r\u001b[K";
    private const int UsualWidth = 80;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private readonly Lock writing = new();

    /// <summary>On standard error, so that standard output holds the result alone; null: that is no terminal.</summary>
    public static TerminalLine? OfConsole() =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
            ? null
            : new TerminalLine(Console.Error, () => Console.WindowWidth, TimeProvider.System);

    /// <param name="text">What the line says now, in at most so many columns.</param>
    /// <param name="work">Lasts as long as the line.</param>
    public async Task<T> Show<T>(Func<int, string> text, Func<Task<T>> work)
    {
        using var ending = new CancellationTokenSource();
        var drawing = Draw(text, ending.Token);
        try
        {
            return await work();
        }
        finally
        {
            await ending.CancelAsync();
            await drawing;
            Write(Erase);
        }
    }

    /// <summary>A line that stays, above the one that changes.</summary>
    public void Say(string line) => Write($"{Erase}{line}\n");

    private async Task Draw(Func<int, string> text, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(Refresh, time);
        try
        {
            do
            {
                // One column is left free: in the last one some terminals begin a new line. A pipe that poses as a terminal has no width.
                var columns = width() is var wide and > 1 ? wide : UsualWidth;
                Write(Erase + Cut(text(columns - 1), columns - 1));
            } while (await timer.WaitForNextTickAsync(ending));
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }

    private static string Cut(string text, int columns) => text.Length <= columns ? text : string.Concat(text.AsSpan(0, columns - 1), "…");

    private void Write(string text)
    {
        lock (writing)
        {
            terminal.Write(text);
            terminal.Flush();
        }
    }
}
