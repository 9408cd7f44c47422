using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class EffectWorkerTests
{
    private static readonly WorkOptions Options = new() { RootDelay = TimeSpan.FromSeconds(10), MaxDelay = TimeSpan.FromMinutes(10) };

    [Theory]
    [InlineData(0, 10)]
    [InlineData(20, 10)]
    [InlineData(40, 10)]
    [InlineData(240, 60)]
    [InlineData(2400, 600)]
    [InlineData(864_000, 600)]
    public async Task What_waits_for_a_seeder_is_looked_at_after_a_quarter_of_its_wait_because_there_may_be_thousands(
        int waited,
        int seconds
    )
    {
        var row = new OneRow(
            new PendingWork(Sample.Id, Effect.Seed, Guid.NewGuid(), Sample.Now.AddSeconds(-waited), Attempts: 1, Fence: 1)
        );
        using var signals = new EffectSignals();
        var communities = new CommunityLoader(
            new InMemoryEventStore(),
            new InMemoryCommunityStates(),
            NullLogger<CommunityLoader>.Instance
        );
        // No report is sent, so no bus is needed.
        using var worker = new EffectWorker(
            [new WithoutSeeder()],
            row,
            communities,
            bus: null!,
            signals,
            Microsoft.Extensions.Options.Options.Create(Options),
            Microsoft.Extensions.Options.Options.Create(new NodeOptions()),
            new FixedTime(),
            NullLogger<EffectWorker>.Instance
        );

        await worker.StartAsync(TestContext.Current.CancellationToken);
        var delay = await row.Postponed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await worker.StopAsync(TestContext.Current.CancellationToken);

        delay.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    private sealed class WithoutSeeder : IEffect
    {
        public Effect Kind => Effect.Seed;

        public NodeRoles Role => NodeRoles.All;

        public Task Perform(Community community, Report report, CancellationToken cancellation) =>
            throw new SeederAwaitedException("No seeder has confirmed.");

        public IReport? GiveUp(Community community, string reason) => throw new NotSupportedException();
    }

    /// <summary>Hands out one row once. That it is given back in another way than by postponing, which counts no try, is a failure.</summary>
    private sealed class OneRow(PendingWork work) : IPendingWork
    {
        private PendingWork? left = work;

        public TaskCompletionSource<TimeSpan> Postponed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<PendingWork?> Take(Effect effect, string node, TimeSpan lease, CancellationToken cancellation) =>
            Task.FromResult(Interlocked.Exchange(ref left, null));

        public Task Postpone(PendingWork given, TimeSpan delay, string reason, CancellationToken cancellation)
        {
            Postponed.TrySetResult(delay);
            return Task.CompletedTask;
        }

        public Task<bool> Renew(PendingWork given, TimeSpan lease, CancellationToken cancellation) => Task.FromResult(true);

        public Task ReleaseAll(string node, CancellationToken cancellation) => Task.CompletedTask;

        public Task WaitForWork(TimeSpan sweep, CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);

        public Task Release(PendingWork given, TimeSpan delay, string? error, CancellationToken cancellation) => Fail();

        public Task AwaitKey(PendingWork given, IReadOnlyList<RatchetKeyId> keys, string reason, CancellationToken cancellation) => Fail();

        public Task Reserve(PendingWork given, IReadOnlyCollection<string> nodes, CancellationToken cancellation) => Fail();

        public Task Park(PendingWork given, string reason, CancellationToken cancellation) => Fail();

        public Task<IReadOnlyList<ParkedWork>> ListParked(CancellationToken cancellation) => throw new NotSupportedException();

        private Task Fail()
        {
            Postponed.TrySetException(new InvalidOperationException("It was not postponed."));
            return Task.CompletedTask;
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Sample.Now;
    }
}
