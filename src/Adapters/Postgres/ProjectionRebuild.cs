using EventArchive.Projections;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Deletes the documents of a projection and folds them anew, in place: readers see fewer of them meanwhile. A running node folds the projection too:
/// of the two, the one that writes first goes on, and what it writes is the same. Ended before that is done, it is run again, and begins anew.
/// </summary>
public sealed class ProjectionRebuild(IDocumentStore store, TimeProvider time)
{
    /// <summary>Longer than any store takes: a rebuild ends when it is done or when it fails.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);

    /// <summary>How often it is tried when it and a running node wait for each other's locks.</summary>
    private const int DeadlockTries = 5;

    /// <summary>A node takes up a projection that was taken from it within seconds.</summary>
    public TimeSpan StandstillLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="InvalidOperationException">
    /// An event cannot be read or folded: the message names it. Or a node took the projection over, and does not go on.
    /// </exception>
    public async Task Run(FoldedProjection projection, IProgress<RebuildProgress> progress, CancellationToken cancellation)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = Watch(projection, progress, watching.Token);
        try
        {
            if (!await Fold(projection, cancellation))
                await Follow(projection, cancellation);
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
        cancellation.ThrowIfCancellationRequested();
        var (done, total) = await Read(projection, cancellation);
        progress.Report(new(projection.Name, done, Math.Max(done, total)));
    }

    /// <returns>False: the documents are deleted, and a running node folds them.</returns>
    private async Task<bool> Fold(FoldedProjection projection, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var daemon = await store.BuildProjectionDaemonAsync();
            try
            {
                await daemon.RebuildProjectionAsync(projection.Name, Limit, cancellation);
                return true;
            }
            catch (Exception fault) when (Causes(fault).OfType<ApplyEventException>().FirstOrDefault() is { } apply)
            {
                throw new InvalidOperationException(
                    $"{projection.Name} is not rebuilt: event #{apply.Event.Sequence} cannot be folded: {apply.InnerException?.Message}",
                    fault
                );
            }
            catch (Exception fault) when (Causes(fault).OfType<IEventFailureContext>().FirstOrDefault() is { } unread)
            {
                throw new InvalidOperationException(
                    $"{projection.Name} is not rebuilt: event #{unread.Sequence} cannot be read: {(((Exception)unread).InnerException ?? (Exception)unread).Message}",
                    fault
                );
            }
            catch (Exception fault) when (attempt < DeadlockTries && Failed(fault, PostgresErrorCodes.DeadlockDetected))
            {
                // Nothing of this try is left: it is made again.
            }
            catch (Exception fault)
                when (Failed(fault, PostgresErrorCodes.UniqueViolation)
                    || Causes(fault).Any(one => one is ProgressionProgressOutOfOrderException)
                )
            {
                return false;
            }
        }
    }

    /// <summary>Until the running node has folded what there is.</summary>
    private async Task Follow(FoldedProjection projection, CancellationToken cancellation)
    {
        var (last, total) = await Read(projection, cancellation);
        var movedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(BetweenReports, time);
        for (var done = last; done < total; (done, _) = await Read(projection, cancellation))
        {
            if (done != last)
                (last, movedAt) = (done, time.GetTimestamp());
            else if (time.GetElapsedTime(movedAt) > StandstillLimit)
                throw new InvalidOperationException(
                    $"{projection.Name} is not rebuilt: a running node took it over and has stood at event {done} of {total} for "
                        + $"{StandstillLimit.TotalSeconds:0} s. Look at the log of that node, and run the rebuild again."
                );
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private async Task Watch(FoldedProjection projection, IProgress<RebuildProgress> progress, CancellationToken end)
    {
        try
        {
            using var timer = new PeriodicTimer(BetweenReports, time);
            while (await timer.WaitForNextTickAsync(end))
            {
                var (done, total) = await Read(projection, end);
                if (total > 0)
                    progress.Report(new(projection.Name, Math.Min(done, total), total));
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The rebuild is over.
        }
        catch (Exception fault) when (DatabaseFault.Is(fault))
        {
            // How far it is cannot be read; how it ends, the rebuild itself says.
        }
    }

    private async Task<(long Done, long Total)> Read(FoldedProjection projection, CancellationToken cancellation)
    {
        var states = await store.Advanced.AllProjectionProgress(token: cancellation);
        return (Of(projection.Shard), Of(ShardState.HighWaterMark));

        long Of(string shard) => states.FirstOrDefault(state => state.ShardName == shard)?.Sequence ?? 0;
    }

    private static bool Failed(Exception fault, string sqlState) =>
        Causes(fault).Any(one => one is PostgresException answer && answer.SqlState == sqlState);

    private static IEnumerable<Exception> Causes(Exception fault) =>
        fault switch
        {
            AggregateException many => many.InnerExceptions.SelectMany(Causes).Prepend(many),
            { InnerException: { } inner } => Causes(inner).Prepend(fault),
            _ => [fault],
        };
}
