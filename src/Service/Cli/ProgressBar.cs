using Spectre.Console;

namespace EventArchive.Service;

/// <summary>How far a long work has come, on standard error, so that standard output holds the result alone; without a terminal there is none.</summary>
public sealed class ProgressBar : IProgress<long>
{
    private readonly ProgressTask? task;

    private ProgressBar(ProgressTask? task) => this.task = task;

    /// <param name="what">The first step, for people.</param>
    /// <param name="work">Gets the bar while it is shown.</param>
    public static async Task<T> Show<T>(string what, Func<ProgressBar, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
            return await work(new(null));
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal
            .Progress()
            .AutoClear(true)
            .StartAsync(context =>
            {
                var shown = context.AddTask(Markup.Escape(what));
                shown.IsIndeterminate = true;
                return work(new(shown));
            });
    }

    /// <param name="total">How much there is to do; null: not known.</param>
    public void Step(string what, long? total = null)
    {
        if (task is null)
            return;
        task.Description = Markup.Escape(what);
        task.Value = 0;
        task.IsIndeterminate = total is null;
        task.MaxValue = Math.Max(1, total ?? 1);
    }

    /// <param name="value">How much is done.</param>
    public void Report(long value)
    {
        if (task is not null)
            task.Value = value;
    }
}
