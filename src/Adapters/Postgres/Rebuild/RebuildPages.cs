using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventArchive.Events;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <param name="Events">What was read, skipped events left out.</param>
/// <param name="Last">The position up to which nothing is left out but those.</param>
/// <param name="Fault">Why the next event is not among them.</param>
internal sealed record RebuildPage(IReadOnlyList<RecordedEvent> Events, long Last, UnhandledEventException? Fault);

/// <summary>Reads the store ahead of whoever folds it: the next page is fetched and decoded while the last one is written.</summary>
internal sealed class RebuildPages(NpgsqlDataSource source, Projection projection)
{
    /// <summary>Small, so that the collector finds little of it alive.</summary>
    private const int PageSize = 1000;

    /// <summary>Pages in the memory at a time, with the one being folded one more: as much as is written at once, so that reading goes on meanwhile.</summary>
    private const int PagesAhead = RebuildRun.MaxAppendedRows / PageSize;

    private readonly string[] unread = ProjectionHandler.UnreadBy(projection);

    /// <summary>Until there are no more events, or one that cannot be read.</summary>
    public async IAsyncEnumerable<RebuildPage> Read(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pages = Channel.CreateBounded<Task<RebuildPage>>(PagesAhead);
        var fetching = Task.Run(() => Fetch(after, pages.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(cancellation))
                yield return await page;
        }
        finally
        {
            // Whoever folds may have stopped early.
            await stop.CancelAsync();
            await fetching;
        }
    }

    private async Task Fetch(long after, ChannelWriter<Task<RebuildPage>> pages, CancellationToken cancellation)
    {
        try
        {
            var skipped = await Skipped(cancellation);
            for (var more = true; more; )
            {
                List<EventRow> rows = [];
                more = await Fetch(after, rows, cancellation);
                if (rows.Count == 0)
                    break;
                after = rows[^1].Seq;
                await pages.WriteAsync(Task.Run(() => Decode(rows, skipped), cancellation), cancellation);
            }
            pages.Complete();
        }
        catch (Exception fault)
        {
            // It goes to whoever reads the pages.
            pages.Complete(fault);
        }
    }

    private async Task<bool> Fetch(long after, List<EventRow> rows, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"select {EventRow.Columns} from mt_events e where e.seq_id > $2 order by e.seq_id limit {PageSize}"
        );
        command.Parameters.Add(new() { Value = unread });
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && (await EventRow.ReadPage(reader, 0, rows, cancellation) || rows.Count == PageSize);
    }

    private static RebuildPage Decode(List<EventRow> rows, HashSet<long> skipped)
    {
        var (events, fault) = ProjectionHandler.Decode(
            rows.Where(row => row.Json is not null && !row.IsTombstone && !skipped.Contains(row.Seq))
        );
        return new RebuildPage(events, fault is null ? rows[^1].Seq : fault.SeqId - 1, fault);
    }

    private async Task<HashSet<long>> Skipped(CancellationToken cancellation)
    {
        HashSet<long> skipped = [];
        await using var command = source.CreateCommand("select seq_id from ea_skipped_events where name = $1");
        command.Parameters.Add(new() { Value = projection.Name });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            skipped.Add(reader.GetInt64(0));
        return skipped;
    }
}
