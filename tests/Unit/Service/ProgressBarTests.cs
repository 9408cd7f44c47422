using EventArchive.Service;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Service;

public sealed class ProgressBarTests
{
    private readonly Clock clock = new();

    [Theory]
    [InlineData(0, "[..........]   0 %  index")]
    [InlineData(1, "[..........]   0 %  index")]
    [InlineData(500, "[#####.....]  50 %  index")]
    [InlineData(999, "[#########.]  99 %  index")]
    [InlineData(1000, "[##########] 100 %  index")]
    [InlineData(2000, "[##########] 100 %  index")]
    public void What_is_not_whole_is_never_100_percent(long done, string text)
    {
        var bar = new ProgressBar("metadata", clock);
        bar.Step("index", total: 1000, done);

        bar.Draw(79).ShouldBe(text);
    }

    [Fact]
    public void Petabytes_and_nothing_have_their_percent_too()
    {
        var bar = new ProgressBar("", clock);
        bar.Step("all", long.MaxValue, long.MaxValue / 4);
        bar.Draw(79).ShouldContain("  25 %");
        bar.Step("nothing", total: 0);
        bar.Draw(79).ShouldContain(" 100 %");
    }

    [Fact]
    public void A_step_of_unknown_length_says_how_long_it_lasts()
    {
        var bar = new ProgressBar("metadata", clock);
        bar.Draw(79).ShouldBe("metadata");
        clock.Now += TimeSpan.FromSeconds(7);
        bar.Draw(79).ShouldBe("metadata, 7 s");
        bar.Step("checking");
        bar.Draw(79).ShouldBe("checking");
    }

    [Fact]
    public void On_a_narrow_terminal_the_words_stay_and_the_bar_goes()
    {
        var bar = new ProgressBar("", clock);
        bar.Step("3 of 12 archives", total: 100, done: 25);

        bar.Draw(50).ShouldBe("[##........]  25 %  3 of 12 archives");
        bar.Draw(49).ShouldBe(" 25 %  3 of 12 archives");
    }

    [Fact]
    public async Task The_line_fits_the_terminal_as_it_is_resized_and_is_gone_at_the_end()
    {
        using var terminal = new StringWriter();
        var widths = new Queue<int>([10, 5, 0, 1000]);
        var line = new TerminalLine(terminal, () => widths.Count > 1 ? widths.Dequeue() : widths.Peek(), clock);
        // When the fifth is asked for the fourth is written.
        using var drawn = new CountdownEvent(5);

        var result = await line.Show(
            columns =>
            {
                if (!drawn.IsSet)
                    drawn.Signal();
                return new string('x', 200);
            },
            async () =>
            {
                while (!drawn.IsSet)
                {
                    clock.Tick();
                    await Task.Yield();
                }
                line.Say("A line that stays.");
                return 42;
            }
        );

        result.ShouldBe(42);
        var written = terminal.ToString().Split("\r\u001b[K");
        written[..5].ShouldBe(["", $"{new string('x', 8)}…", $"{new string('x', 3)}…", $"{new string('x', 78)}…", new string('x', 200)]);
        written.ShouldContain("A line that stays.\n");
        written[^1].ShouldBeEmpty();
    }

    [Fact]
    public async Task The_line_is_gone_after_a_failure_too()
    {
        using var terminal = new StringWriter();
        var line = new TerminalLine(terminal, () => 80, clock);

        await Should.ThrowAsync<OperationCanceledException>(line.Show<int>(_ => "going", () => throw new OperationCanceledException()));

        terminal.ToString().ShouldEndWith("going\r\u001b[K");
    }

    /// <summary>A clock that is moved by hand, and its one timer.</summary>
    private sealed class Clock : TimeProvider
    {
        private Action? tick;

        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public void Tick() => tick?.Invoke();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            tick = () => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
