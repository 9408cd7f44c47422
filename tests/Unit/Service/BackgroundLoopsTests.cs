using System.Diagnostics.Metrics;
using System.Reflection;
using EventArchive.BitTorrent;
using EventArchive.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Service;

public sealed class BackgroundLoopsTests
{
    private readonly ManualTime time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_loop_that_fails_or_blocks_its_thread_holds_up_no_other_and_the_gauges_name_each()
    {
        using var release = new ManualResetEventSlim();
        using var began = new SemaphoreSlim(0);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var loops = new BackgroundLoops(
            [
                Loop(
                    "blocked",
                    token =>
                    {
                        began.Release();
                        return Task.Delay(Timeout.Infinite, token);
                    }
                ),
                Loop(
                    "blocking",
                    _ =>
                    {
                        began.Release();
                        release.Wait(Cancellation);
                        return Task.CompletedTask;
                    }
                ),
                Loop("failing", _ => throw new InvalidOperationException("nobody thought of it")),
                new BackgroundLoop("well", _ => Task.CompletedTask, time, NullLogger<BackgroundLoop>.Instance)
                {
                    Period = TimeSpan.FromHours(2),
                },
            ],
            services.GetRequiredService<IMeterFactory>()
        );
        await loops.StartAsync(Cancellation);
        // The delay of what failed, and the period of what is well.
        await time.NextWait(Cancellation);
        await time.NextWait(Cancellation);
        await began.WaitAsync(Cancellation);
        await began.WaitAsync(Cancellation);

        var measured = Measure(services.GetRequiredService<IMeterFactory>());
        measured[(BackgroundLoops.Failures, "failing")].ShouldBe(1);
        measured[(BackgroundLoops.Failures, "well")].ShouldBe(0);
        measured[(BackgroundLoops.SecondsSinceTurn, "well")].ShouldBe(0);
        loops.Troubled.ShouldBeEmpty();
        time.Advance(TimeSpan.FromHours(1));
        Measure(services.GetRequiredService<IMeterFactory>())[(BackgroundLoops.SecondsSinceTurn, "failing")].ShouldBe(3600);
        loops.Troubled.Select(loop => loop.Name).ShouldBe(["blocked", "blocking", "failing"], ignoreOrder: true);
        release.Set();
        await loops.StopAsync(Cancellation);
    }

    [Fact]
    public void Nothing_else_runs_in_the_background_by_itself_because_its_first_unexpected_error_would_end_the_node()
    {
        var service = typeof(BackgroundLoops).Assembly;
        service
            .GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("EventArchive."))
            .Select(Assembly.Load)
            .Prepend(service)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(IHostedService).IsAssignableFrom(type))
            .ShouldBe([typeof(BackgroundLoops), typeof(LibtorrentEngine)], ignoreOrder: true);
    }

    private BackgroundLoop Loop(string name, Func<CancellationToken, Task> turn) =>
        new(name, turn, time, NullLogger<BackgroundLoop>.Instance)
        {
            Period = TimeSpan.FromHours(2),
            StandstillLimit = TimeSpan.FromMinutes(1),
        };

    private static Dictionary<(string, string), double> Measure(IMeterFactory meters)
    {
        Dictionary<(string, string), double> measured = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "EventArchive.Loops" && instrument.Meter.Scope == meters)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => measured[(instrument.Name, (string)tags[0].Value!)] = value
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
