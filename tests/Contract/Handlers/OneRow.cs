using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;

namespace EventArchive.Tests.Contract;

/// <summary>Hands out one row once, and says how it was given back.</summary>
internal sealed class OneRow(PendingWork work) : IPendingWork
{
    private readonly TaskCompletionSource<GivenBack> given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingWork? left = work;

    public Task<GivenBack> GivenBack => given.Task;

    public Task<PendingWork?> Take(Effect effect, string node, TimeSpan lease, CancellationToken cancellation) =>
        Task.FromResult(Interlocked.Exchange(ref left, null));

    public Task Postpone(PendingWork given, TimeSpan delay, string reason, CancellationToken cancellation) =>
        Give(nameof(Postpone), delay, reason);

    public Task<bool> Renew(PendingWork given, TimeSpan lease, CancellationToken cancellation) => Task.FromResult(true);

    public Task ReleaseAll(string node, CancellationToken cancellation) => Task.CompletedTask;

    public Task Release(PendingWork given, TimeSpan delay, string? error, CancellationToken cancellation) =>
        Give(nameof(Release), delay, error);

    public Task AwaitKey(PendingWork given, IReadOnlyList<RatchetKeyId> keys, string reason, CancellationToken cancellation) =>
        Give(nameof(AwaitKey), TimeSpan.Zero, reason);

    public Task AwaitCommunityKey(PendingWork given, TimeSpan delay, string reason, CancellationToken cancellation) =>
        Give(nameof(AwaitCommunityKey), delay, reason);

    public Task Reserve(PendingWork given, IReadOnlyCollection<string> nodes, CancellationToken cancellation) =>
        Give(nameof(Reserve), TimeSpan.Zero, string.Join(' ', nodes));

    public Task Park(PendingWork given, string reason, CancellationToken cancellation) => Give(nameof(Park), TimeSpan.Zero, reason);

    public Task<IReadOnlyList<ParkedWork>> ListParked(CancellationToken cancellation) => throw new NotSupportedException();

    private Task Give(string how, TimeSpan delay, string? reason)
    {
        given.TrySetResult(new GivenBack(how, delay, reason));
        return Task.CompletedTask;
    }
}

/// <param name="How">The method of <see cref="IPendingWork"/>.</param>
internal sealed record GivenBack(string How, TimeSpan Delay, string? Reason);
