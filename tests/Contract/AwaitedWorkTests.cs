using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Work that waits for a key.</summary>
public sealed class AwaitedWorkTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly CommunityId Community = EventSamples.Community;

    private TestNode node = null!;
    private IPendingWork work = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        work = node.Services.GetRequiredService<IPendingWork>();
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task Work_that_awaits_a_key_is_due_when_it_comes_and_not_before_and_no_try_counts()
    {
        var (other, awaited) = (Key(1), Key(2));
        var keys = node.Services.GetRequiredService<IRatchetKeys>();
        await node.Append(Started());
        var taken = (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldNotBeNull();

        await work.AwaitKey(taken, [awaited.Id, EventSamples.RatchetKey], "no key", Cancel);
        await keys.Import(other, 0, Cancel);

        (await work.Take(Effect.Cut, "a", Lease, Cancel)).ShouldBeNull("another key does not help");
        (await work.ListParked(Cancel)).ShouldBe([new ParkedWork(Community, Effect.Cut, 0, "no key", AwaitsKey: true)]);
        await work.ReleaseAll("a", Cancel);
        (await work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldBeNull("a restart brings no key");
        await keys.Import(awaited, 0, Cancel);
        var again = (await work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldNotBeNull();
        again.Attempts.ShouldBe(1);
        (await work.ListParked(Cancel)).ShouldBeEmpty();
        // The key came between the look for it and the wait: no notice will come, and none is needed.
        await work.AwaitKey(again, [awaited.Id], "no key", Cancel);
        (await work.Take(Effect.Cut, "b", Lease, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_waits_for_work_is_woken_by_a_key()
    {
        await node.Listening();
        var waiting = await node.Waiting(Effect.Cut);

        await node.Services.GetRequiredService<IRatchetKeys>().Import(Key(1), 0, Cancel);

        await waiting.WaitAsync(Lease, Cancel);
    }

    private static RatchetKey Key(byte value) => new(Community, value, Enumerable.Repeat(value, RatchetKey.KeyBytes).ToArray());

    private static ArchiveCreationStarted Started() => EventSamples.All.OfType<ArchiveCreationStarted>().First();
}
