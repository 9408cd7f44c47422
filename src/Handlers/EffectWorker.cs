using EventArchive.Domain;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Projections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventArchive.Handlers;

/// <summary>Takes pending work row by row, performs its effect under a renewed lease, and puts failures back on the schedule.</summary>
public sealed partial class EffectWorker(
    IEnumerable<IEffect> effects,
    IPendingWork pending,
    CommunityStore communities,
    NodeReports reports,
    EffectSignals signals,
    IOptions<WorkOptions> options,
    IOptions<NodeOptions> node,
    TimeProvider time,
    ILogger<EffectWorker> log
)
{
    private readonly WorkOptions options = options.Value;
    private readonly NodeOptions node = node.Value;
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Those of this node's roles.</summary>
    public IEnumerable<IEffect> Effects => effects.Where(effect => node.Has(effect.Role));

    /// <summary>Wakes all workers: some row may be due. Before the first time it takes back what this node held when it ended.</summary>
    public async Task Sweep(CancellationToken cancellation)
    {
        if (!released.Task.IsCompleted)
            await pending.ReleaseAll(node.Name, cancellation);
        released.TrySetResult();
        signals.WakeAll();
    }

    /// <summary>Works until nothing is due.</summary>
    public async Task Work(IEffect effect, CancellationToken cancellation)
    {
        await released.Task.WaitAsync(cancellation);
        while (await pending.Take(effect.Kind, node.Name, options.Lease, cancellation) is { } work)
        {
            // Another row may be due: the sibling worker looks while this one is busy.
            await signals.Wake(effect.Kind);
            await PerformOrPutBack(effect, work, cancellation);
        }
    }

    public Task Wait(IEffect effect, CancellationToken cancellation) => signals.Wait(effect.Kind, cancellation);

    private async Task PerformOrPutBack(IEffect effect, PendingWork work, CancellationToken stopping)
    {
        try
        {
            await Perform(effect, work, stopping);
        }
        // Without its state nothing can be said of it, not even that its work is given up.
        catch (UnusableCommunityException error)
        {
            LogFailed(error, effect.Kind, work.CommunityId, work.Attempts, options.MaxAttempts);
            await pending.Release(work, Delay(work.Attempts), error.Message, stopping);
        }
    }

    private async Task Perform(IEffect effect, PendingWork work, CancellationToken stopping)
    {
        var (community, _) = await communities.Load(work.CommunityId, stopping);
        if (effect.HoldersOf(community) is { Count: > 0 } holders && !holders.Contains(node.Name, StringComparer.Ordinal))
        {
            LogElsewhere(effect.Kind, work.CommunityId, holders);
            await pending.Reserve(work, holders, stopping);
            return;
        }
        if (work.Attempts > options.MaxAttempts)
        {
            await GiveUp(effect, work, community, $"given up after {options.MaxAttempts} tries", stopping);
            return;
        }
        using var lease = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewal = Renew(work, lease);
        try
        {
            Steps.Before("effect", effect.Kind.ToString());
            await effect.Perform(community, (report, part) => Send(work, report, part, lease.Token), lease.Token);
            Steps.After("effect", effect.Kind.ToString());
            // The report has ended the row as a rule. One that changed nothing leaves it: then the effect looks again.
            await pending.Release(work, options.ReportTimeout, null, stopping);
        }
        catch (OperationCanceledException) when (lease.IsCancellationRequested)
        {
            LogLeaseEnded(effect.Kind, work.CommunityId);
        }
        catch (ArchiveRootMissingException fault)
        {
            LogRootMissing(effect.Kind, work.CommunityId, fault.Message);
            await pending.Postpone(work, options.RootDelay, fault.Message, stopping);
        }
        catch (RatchetKeyMissingException missing)
        {
            LogKeyMissing(effect.Kind, work.CommunityId, missing.Message);
            await pending.AwaitKey(work, missing.Keys, missing.Message, stopping);
        }
        catch (CommunityKeyMissingException missing)
        {
            LogKeyMissing(effect.Kind, work.CommunityId, missing.Message);
            await pending.AwaitCommunityKey(work, missing.IsHere ? options.RootDelay : TimeSpan.Zero, missing.Message, stopping);
        }
        catch (SeederAwaitedException awaited)
        {
            LogSeederAwaited(work.CommunityId);
            // Seldom for one that has waited long: there may be thousands.
            var waited = (time.GetUtcNow() - work.Since) / 4;
            var delay = waited < options.MaxDelay ? waited : options.MaxDelay;
            await pending.Postpone(work, delay > options.RootDelay ? delay : options.RootDelay, awaited.Message, stopping);
        }
        // Whatever an effect meets outside is one failed try: it is recorded, told, and tried again until MaxAttempts.
        catch (Exception fault)
        {
            LogFailed(fault, effect.Kind, work.CommunityId, work.Attempts, options.MaxAttempts);
            if (work.Attempts >= options.MaxAttempts)
                await GiveUp(effect, work, community, $"given up after {work.Attempts} tries: {fault.Message}", stopping);
            else
                await pending.Release(work, Delay(work.Attempts), fault.Message, stopping);
        }
        finally
        {
            await lease.CancelAsync();
            await renewal;
        }
    }

    private async Task GiveUp(IEffect effect, PendingWork work, Community community, string reason, CancellationToken stopping)
    {
        if (effect.GiveUp(community, reason) is { } report)
            await Send(work, report, "", stopping);
        await pending.Park(work, reason, stopping);
    }

    private async Task Send(PendingWork work, IReport report, string part, CancellationToken cancellation)
    {
        var messageId = DerivedId.From(work.CauseId, $"{work.Effect}:{report.GetType().Name}:{part}");
        await reports.Report(report, messageId, cancellation, work.CorrelationId, work.CauseId);
    }

    private async Task Renew(PendingWork work, CancellationTokenSource lease)
    {
        using var timer = new PeriodicTimer(options.Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(lease.Token))
            {
                if (!await pending.Renew(work, options.Lease, lease.Token))
                    await lease.CancelAsync();
            }
        }
        catch (Exception) when (lease.IsCancellationRequested)
        {
            // The effect has ended.
        }
        catch (Exception fault)
        {
            // A lease that cannot be renewed is lost, whatever the reason: whoever takes it over must not find this effect running.
            LogRenewalFailed(fault, work.Effect, work.CommunityId);
            await lease.CancelAsync();
        }
    }

    private TimeSpan Delay(int attempts)
    {
        var delay = Math.Min(options.FirstDelay.TotalSeconds * Math.Pow(2, attempts - 1), options.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(delay * (1 + (Random.Shared.NextDouble() / 4)));
    }

    [LoggerMessage(1101, LogLevel.Warning, "{Effect} for {Community} failed, try {Attempt} of {MaxAttempts}")]
    private partial void LogFailed(Exception fault, Effect effect, CommunityId community, int attempt, int maxAttempts);

    [LoggerMessage(1105, LogLevel.Error, "{Effect} for {Community} waits: {Reason}")]
    private partial void LogRootMissing(Effect effect, CommunityId community, string reason);

    [LoggerMessage(1106, LogLevel.Warning, "{Effect} for {Community} waits for a key: {Reason}")]
    private partial void LogKeyMissing(Effect effect, CommunityId community, string reason);

    [LoggerMessage(1108, LogLevel.Information, "{Effect} for {Community} is left to {Nodes}, where the files are")]
    private partial void LogElsewhere(Effect effect, CommunityId community, IReadOnlyCollection<string> nodes);

    [LoggerMessage(1107, LogLevel.Debug, "The torrent of {Community} is served here until a seeder has it")]
    private partial void LogSeederAwaited(CommunityId community);

    [LoggerMessage(1102, LogLevel.Information, "{Effect} for {Community} stopped: the lease ended")]
    private partial void LogLeaseEnded(Effect effect, CommunityId community);

    [LoggerMessage(1103, LogLevel.Warning, "The lease of {Effect} for {Community} could not be renewed")]
    private partial void LogRenewalFailed(Exception fault, Effect effect, CommunityId community);
}
