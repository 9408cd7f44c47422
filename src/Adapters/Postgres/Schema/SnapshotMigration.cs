using EventArchive.Domain;
using EventArchive.Projections;
using Marten;
using Marten.Services;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Folds streams that have no <see cref="CommunitySnapshot"/> into it.</summary>
internal sealed class SnapshotMigration(IDocumentStore store, NpgsqlTransaction transaction)
{
    /// <param name="where">Which events, as a condition on <c>e</c>: of a stream all or none.</param>
    /// <exception cref="InvalidOperationException">An event cannot be read; with its <c>seq_id</c>.</exception>
    public async Task Build(string where, CancellationToken cancellation)
    {
        CommunitySnapshot? snapshot = null;
        List<CommunitySnapshot> done = [];
        var events = new EventCursor(transaction, where, "e.stream_id, e.version");
        await foreach (var page in events.Pages(cancellation))
        {
            foreach (var row in page)
            {
                if (snapshot is not null && snapshot.Id != row.StreamId)
                {
                    done.Add(snapshot);
                    snapshot = null;
                }
                var state = snapshot?.State ?? Community.Initial;
                snapshot = new(row.StreamId, row.Skipped ? state : Community.Evolve(state, row.Read()), row.Hash, row.At, row.Version);
            }
            await Store(done, cancellation);
            done.Clear();
        }
        if (snapshot is not null)
            await Store([snapshot], cancellation);
    }

    /// <summary>The revision of the document is the version of the stream, as the inline projection keeps it.</summary>
    private async Task Store(IReadOnlyList<CommunitySnapshot> snapshots, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        foreach (var snapshot in snapshots)
            session.UpdateRevision(snapshot, snapshot.Version);
        await session.SaveChangesAsync(cancellation);
    }
}
