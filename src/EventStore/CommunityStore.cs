using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using EventArchive.Domain;
using EventArchive.Model;
using EventArchive.Projections;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;

namespace EventArchive.EventStore;

/// <summary>The communities' states, streams and outcomes in Marten.</summary>
/// <param name="notifier">Learns of each commit; null: the store itself notifies.</param>
public sealed class CommunityStore(IDocumentStore store, TimeProvider time, CommitNotifier? notifier = null)
{
    internal CommitNotifier? Notifier => notifier;

    /// <summary>A community as it stands, for whoever acts on it; nothing is decided on this.</summary>
    public Task<LoadedCommunity> Load(CommunityId community, CancellationToken cancellation) =>
        Unwrap(async () =>
        {
            await using var session = store.QuerySession();
            var snapshot = await session.LoadAsync<CommunitySnapshot>(Community.StreamId(community), cancellation);
            return snapshot is null ? LoadedCommunity.None : new LoadedCommunity(snapshot.State, snapshot.Version);
        });

    /// <summary>What became of a command; null: it was never handled.</summary>
    public Task<CommandOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation) =>
        Unwrap(async () =>
        {
            await using var session = store.QuerySession();
            return await session.LoadAsync<CommandOutcome>(messageId, cancellation);
        });

    /// <summary>Reads what a command is decided on: the community and the outcome that its message id has already, in one round trip.</summary>
    /// <param name="community">Null: the command names none, and can only be refused.</param>
    /// <exception cref="StaleSnapshotException">The community's state is not that of its stream.</exception>
    public Task<UnitOfWork> Begin(CommunityId? community, Guid messageId, CancellationToken cancellation) =>
        Unwrap(async () =>
        {
            var session = store.LightweightSession();
            try
            {
                return await Begin(session, community, messageId, cancellation);
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        });

    private async Task<UnitOfWork> Begin(IDocumentSession session, CommunityId? community, Guid messageId, CancellationToken cancellation)
    {
        var batch = session.CreateBatchQuery();
        var outcome = batch.Load<CommandOutcome>(messageId);
        if (community is null)
        {
            await batch.Execute(cancellation);
            return new UnitOfWork(this, session, time, messageId, await outcome);
        }
        var streamId = Community.StreamId(community);
        var fetched = batch.Events.FetchForWriting<CommunitySnapshot>(streamId);
        await batch.Execute(cancellation);
        var stream = await fetched;
        var work = new UnitOfWork(this, session, time, messageId, await outcome)
        {
            Stream = stream,
            Head = StreamHead.Of(stream.Aggregate),
        };
        var (found, version) = (stream.Aggregate?.Version, stream.StartingVersion ?? 0);
        // The state was read before the stream's version, or behind a commit in between: what is decided on it would be a conflict.
        work.Torn = found > version;
        if (found < version || (found is null && version > 0))
            work.Head =
                await SkippedHead.Find(session, streamId, found ?? 0, version, cancellation)
                ?? throw new StaleSnapshotException(streamId, found, version);
        return work;
    }

    /// <summary>Marten wraps what the database said: callers tell by its own exceptions whether to try again.</summary>
    internal static async Task<T> Unwrap<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (MartenCommandException wrapped) when (wrapped.InnerException is DbException or TimeoutException or IOException)
        {
            ExceptionDispatchInfo.Throw(wrapped.InnerException);
            throw;
        }
        catch (JsonException error)
        {
            throw new UnreadableStateException(error);
        }
    }
}
