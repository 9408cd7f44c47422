using EventArchive.Model;
using EventArchive.Projections;

namespace EventArchive.Handlers;

/// <summary>The rows of <see cref="PendingWork"/>, to be taken with a lease.</summary>
public interface IPendingWork
{
    /// <summary>Takes a row of this effect that is due and free, the longest waiting first: attempts + 1, fence + 1, leased to the node. Null: none.</summary>
    Task<PendingWork?> Take(Effect effect, string node, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Keeps the lease. False: it was lost, or the row is over; stop the effect.</summary>
    Task<bool> Renew(PendingWork work, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Ends the lease. The row is due again after <paramref name="delay"/> unless an event ends it before.</summary>
    Task Release(PendingWork work, TimeSpan delay, string? error, CancellationToken cancellation);

    /// <summary>
    /// As <see cref="Release"/>, but the try is not counted: what the work needs is away, and coming back is not the work's doing.
    /// </summary>
    Task Postpone(PendingWork work, TimeSpan delay, string reason, CancellationToken cancellation);

    /// <summary>
    /// Ends the lease; the row is due again as soon as one of the keys is imported, also when that was just now. The try is not counted.
    /// </summary>
    Task AwaitKey(PendingWork work, IReadOnlyList<RatchetKeyId> keys, string reason, CancellationToken cancellation);

    /// <summary>
    /// Ends the lease; the row is due again after <paramref name="delay"/> as soon as the community's private key is here, also when it was imported just
    /// now. The try is not counted.
    /// </summary>
    Task AwaitCommunityKey(PendingWork work, TimeSpan delay, string reason, CancellationToken cancellation);

    /// <summary>
    /// Ends the lease, without counting the try: from now on only these nodes can take the row, since they hold the files that it needs. A new
    /// cause opens it to all again.
    /// </summary>
    Task Reserve(PendingWork work, IReadOnlyCollection<string> nodes, CancellationToken cancellation);

    /// <summary>Ends the lease and takes the row off the schedule; health shows it with the reason.</summary>
    Task Park(PendingWork work, string reason, CancellationToken cancellation);

    /// <summary>At start: leases that this node held when it was killed are free again.</summary>
    Task ReleaseAll(string node, CancellationToken cancellation);

    /// <summary>What is off the schedule, what waits for a key, and what only nodes could do that have not taken it for long.</summary>
    Task<IReadOnlyList<ParkedWork>> ListParked(CancellationToken cancellation);
}

/// <param name="AwaitsKey">It goes on by itself when a key is imported.</param>
public sealed record ParkedWork(CommunityId CommunityId, Effect Effect, int Attempts, string Reason, bool AwaitsKey = false);
