using EventArchive.Service;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Service;

public sealed class BackgroundLoopTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTime time = new();
    private readonly Lines log = new();
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public static TheoryData<Exception> Exceptions =>
        [
            new InvalidOperationException("nobody thought of it"),
            new KeyNotFoundException("a bug"),
            new OperationCanceledException("a time-out of its own"),
            new AggregateException(new IOException("no disk")),
            new InsufficientMemoryException("too much of it"),
        ];

    public void Dispose() => stop.Dispose();

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public async Task Whatever_a_turn_throws_it_is_tried_again_with_growing_delay_until_it_works(Exception error)
    {
        var failing = true;
        var loop = Loop(_ => failing ? throw error : Task.CompletedTask);
        var running = loop.Run(stop.Token);

        double[] expected = [1, 2, 4, 8, 16, 30, 30];
        for (var failures = 1; failures <= expected.Length; failures++)
        {
            var delay = await time.NextWait(stop.Token);
            delay.TotalSeconds.ShouldBeInRange(expected[failures - 1], expected[failures - 1] * 1.25);
            (loop.Failures, loop.Error, loop.LastTurn).ShouldBe((failures, error, null));
            failing = failures < expected.Length;
            time.Advance(delay);
        }

        (await time.NextWait(stop.Token)).ShouldBe(Period);
        (loop.Failures, loop.Error, loop.LastTurn, loop.Problem).ShouldBe((0, null, time.GetUtcNow(), null));
        log.Texts.ShouldBe([
            $"the loop failed; it is tried again with growing delay, at last every 00:00:30: {error.Message}",
            "the loop works again after 7 failures",
        ]);
        await Stop(running);
    }

    [Fact]
    public async Task What_has_failed_for_a_minute_is_a_problem_with_its_name_its_count_and_its_error()
    {
        var loop = Loop(_ => throw new IOException("No space is left."));
        var running = loop.Run(stop.Token);
        var began = time.GetUtcNow();
        await FailOnce();
        loop.Problem.ShouldBeNull("less may be a restart of the database");
        while (time.GetUtcNow() - began < BackgroundLoop.FailureLimit)
            await FailOnce();
        await time.NextWait(stop.Token);

        loop.Problem.ShouldBe(
            $"loop_failing: the loop has failed {loop.Failures} times since {began:u}: No space is left. It is tried again every 30 s."
        );
        loop.Failures.ShouldBeGreaterThan(4);
        await Stop(running);

        async Task FailOnce() => time.Advance(await time.NextWait(stop.Token));
    }

    [Fact]
    public async Task A_turn_that_does_not_end_is_a_problem_after_the_named_time_and_none_when_it_has_ended()
    {
        var turn = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        var loop = Loop(token =>
        {
            began.TrySetResult();
            return turn.Task.WaitAsync(token);
        });
        var running = loop.Run(stop.Token);
        await began.Task.WaitAsync(Patience, stop.Token);
        var started = time.GetUtcNow();

        time.Advance(TimeSpan.FromSeconds(90));
        loop.Problem.ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(1));
        loop.Problem.ShouldNotBeNull().ShouldStartWith($"loop_standing_still: the loop has not ended a turn since {started:u}");
        turn.SetResult();
        await time.NextWait(stop.Token);
        loop.Problem.ShouldBeNull();
        await Stop(running);
    }

    [Fact]
    public async Task A_loop_that_has_not_begun_or_that_waits_for_work_does_not_stand_still()
    {
        var before = new TaskCompletionSource();
        var waits = new TaskCompletionSource();
        var later = new BackgroundLoop("later", _ => Task.CompletedTask, time, log)
        {
            Period = Period,
            StandstillLimit = Period,
            After = before.Task,
        };
        var queue = new BackgroundLoop("queue", _ => Task.CompletedTask, time, log)
        {
            Wait = token =>
            {
                waits.TrySetResult();
                return Task.Delay(Timeout.Infinite, token);
            },
        };
        var running = Task.WhenAll(later.Run(stop.Token), queue.Run(stop.Token));
        await waits.Task.WaitAsync(Patience, stop.Token);

        time.Advance(TimeSpan.FromDays(1));
        (later.Problem, queue.Problem).ShouldBe((null, null));
        (later.SinceTurn, queue.SinceTurn).ShouldBe((null, TimeSpan.FromDays(1)));
        before.SetResult();
        await time.NextWait(stop.Token);
        later.LastTurn.ShouldBe(time.GetUtcNow());
        await Stop(running);
    }

    [Fact]
    public async Task A_wait_that_fails_is_a_failure_like_that_of_a_turn()
    {
        var turns = 0;
        var loop = new BackgroundLoop(
            "the loop",
            _ =>
            {
                turns++;
                return Task.CompletedTask;
            },
            time,
            log
        )
        {
            Wait = _ => throw new InvalidOperationException("the queue broke"),
        };
        var running = loop.Run(stop.Token);

        var delay = await time.NextWait(stop.Token);
        (turns, loop.Failures).ShouldBe((1, 1));
        time.Advance(delay);
        await time.NextWait(stop.Token);
        turns.ShouldBe(2);
        await Stop(running);
    }

    [Fact]
    public async Task Stopping_ends_a_turn_a_wait_and_a_delay_at_once_and_is_no_failure()
    {
        var turn = Loop(token => Task.Delay(Timeout.Infinite, token));
        var wait = Loop(_ => Task.CompletedTask);
        var delay = Loop(_ => throw new IOException("no disk"));
        var broken = Loop(async token =>
        {
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new ObjectDisposedException("the engine");
        });
        var running = Task.WhenAll(turn.Run(stop.Token), wait.Run(stop.Token), delay.Run(stop.Token), broken.Run(stop.Token));
        await time.NextWait(stop.Token);
        await time.NextWait(stop.Token);

        await Stop(running);
        (turn.Failures, wait.Failures, delay.Failures, broken.Failures).ShouldBe((0, 0, 1, 0));
    }

    private BackgroundLoop Loop(Func<CancellationToken, Task> turn) =>
        new("the loop", turn, time, log) { Period = Period, StandstillLimit = Period * 3 };

    private async Task Stop(Task running)
    {
        await stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private sealed class Lines : ILogger<BackgroundLoop>
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (Texts)
                Texts.Add(formatter(state, exception));
        }
    }
}
