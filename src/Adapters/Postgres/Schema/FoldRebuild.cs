using Marten;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Folds anew what another version of a fold made, and the snapshots that are missing or not those of their streams.</summary>
internal sealed class FoldRebuild(IDocumentStore store, NpgsqlTransaction transaction)
{
    /// <summary>Events that were skipped are in no state: where these alone lie behind a snapshot, it is that of its stream.</summary>
    private const string Stale = """
        select s.id
        from mt_streams s
        left join mt_doc_community c on c.id = s.id
        cross join lateral (
            select coalesce(least(c.mt_version, (c.data ->> 'Version')::bigint), 0) as low,
                coalesce(greatest(c.mt_version, (c.data ->> 'Version')::bigint), 0) as high
        ) v
        where v.high > s.version
            or exists (
                select from mt_events e
                where e.stream_id = s.id and e.version > v.low and e.type <> 'tombstone' and not coalesce(e.is_skipped, false)
            )
        """;

    private const string Missing = "not exists (select from mt_doc_community c where c.id = e.stream_id)";

    /// <summary>A node that starts meanwhile waits, then reads what was made.</summary>
    private const string Lock = "lock table mt_streams, mt_events, mt_doc_community, ea_pending_work in share row exclusive mode";

    private NpgsqlConnection Connection => transaction.Connection!;

    /// <exception cref="InvalidOperationException">A node is at work, or an event cannot be read; with its <c>seq_id</c>.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        var others = await Folds.FindOthers(Connection, cancellation);
        if (others.Count == 0 && await Connection.Ask($"select 1 from ({Stale} limit 1) stale", cancellation) is null)
            return;
        await NodesAtWork.Refuse(Connection, "What is folded from the events cannot be folded anew", cancellation);
        await Connection.Run(Lock, cancellation);
        await Connection.Run(
            others.Contains(Folds.States) ? "delete from mt_doc_community" : $"delete from mt_doc_community where id in ({Stale})",
            cancellation
        );
        await new SnapshotMigration(store, transaction).Build(Missing, cancellation);
        if (others.Contains(Folds.Work))
            await new PendingWorkRebuild(transaction).Run(cancellation);
    }
}
