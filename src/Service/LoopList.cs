using System.Diagnostics.Metrics;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Waku;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>Everything that a node does in the background, by name.</summary>
public sealed class LoopList(TimeProvider time, ILogger<BackgroundLoop> log)
{
    /// <summary>Three periods without a turn are a standstill, but not less than a minute: a machine may be busy.</summary>
    private static readonly TimeSpan ShortestStandstill = TimeSpan.FromMinutes(1);

    /// <summary>What goes through all communities, or holds what was heard until the database has it.</summary>
    private static readonly TimeSpan LongTurn = TimeSpan.FromMinutes(10);

    /// <summary>What hashes all files of a disk again, or asks stores for a month.</summary>
    private static readonly TimeSpan VeryLongTurn = TimeSpan.FromDays(1);

    /// <summary>Registers one hosted service for all. It starts behind, and stops before, what is registered earlier.</summary>
    public static void AddTo(IServiceCollection services, Func<LoopList, IServiceProvider, IEnumerable<BackgroundLoop>> loops)
    {
        services.AddSingleton<LoopList>();
        services.AddSingleton(provider => new BackgroundLoops(
            loops(provider.GetRequiredService<LoopList>(), provider),
            provider.GetRequiredService<IMeterFactory>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<BackgroundLoops>());
    }

    /// <summary>Of the running service.</summary>
    public IEnumerable<BackgroundLoop> OfNode(IServiceProvider provider)
    {
        var node = provider.GetRequiredService<IOptions<NodeOptions>>().Value;
        var messages = provider.GetRequiredService<MessagesOptions>();
        var resume = provider.GetRequiredService<ResumeSeeding>();
        var follow = provider.GetRequiredService<FollowSeeds>();
        var watch = provider.GetRequiredService<WatchSeeding>();
        var verify = provider.GetRequiredService<VerifySeeds>();
        return
        [
            .. OfStores(provider),
            .. Of(provider.GetRequiredService<EffectWorker>(), provider.GetRequiredService<IOptions<WorkOptions>>().Value),
            Every("archive root", ResumeSeeding.RootPoll, resume.Look, limit: VeryLongTurn),
            // Before the archive root is there, and what lies in it is served, nobody can tell what is missing.
            Every("seed sweep", node.SeedSweep, follow.Sweep, after: resume.Done),
            .. Several("seeds", node.SeedConcurrency, follow.Work),
            Every("seeding report", node.TellInterval, provider.GetRequiredService<TellSeeding>().Tell),
            Every("seeding watch", node.SeedSweep, watch.Look),
            Always("verifications", verify.Work, verify.Wait),
            Every(
                "schedule",
                provider.GetRequiredService<ScheduleOptions>().Look,
                provider.GetRequiredService<KeepSchedule>().Look,
                limit: LongTurn
            ),
            .. messages.RetentionDays is null
                ? []
                : (BackgroundLoop[])[Every("old messages", DropOldMessages.Interval, provider.GetRequiredService<DropOldMessages>().Look)],
            .. node.Has(NodeRoles.Importer | NodeRoles.Archiver)
                ? Of(provider.GetRequiredService<Hearing>(), provider.GetRequiredService<WakuOptions>())
                : [],
        ];
    }

    /// <summary>Of what PostgreSQL and Marten need.</summary>
    public IEnumerable<BackgroundLoop> OfStores(IServiceProvider provider)
    {
        var notifications = provider.GetRequiredService<Notifications>();
        var watch = provider.GetRequiredService<DaemonWatch>();
        return
        [
            Always("database notifications", notifications.Connect, notifications.Wait),
            Always("projection failures", watch.Record, watch.Wait),
            Every("overtaken projections", OvertakenProjections.Interval, provider.GetRequiredService<OvertakenProjections>().Look),
            Every("projection positions", ProjectionMetrics.SampleInterval, provider.GetRequiredService<ProjectionMetrics>().Sample),
        ];
    }

    /// <summary>Of pending work.</summary>
    public IEnumerable<BackgroundLoop> Of(EffectWorker worker, WorkOptions options) =>
        [
            Every("work sweep", options.Sweep, worker.Sweep),
            .. worker.Effects.SelectMany(effect =>
                Several(
                    $"effect {effect.Kind}",
                    options.Concurrency,
                    token => worker.Work(effect, token),
                    token => worker.Wait(effect, token)
                )
            ),
        ];

    /// <summary>Of what is heard from the Waku network.</summary>
    public IEnumerable<BackgroundLoop> Of(Hearing hearing, WakuOptions options) =>
        [
            Every("followed communities", options.FollowedRefresh, hearing.ReadList, hearing.WaitForList),
            .. hearing.Nodes.Select(node =>
                Every(
                    $"Waku node {node.Address}",
                    options.PollInterval,
                    token => hearing.Hear(node, token),
                    token => hearing.Wait(node, token),
                    LongTurn
                )
            ),
            Every("missed announcements", options.FollowedRefresh, hearing.CatchUp, limit: VeryLongTurn),
            Every("history gaps", options.GapCheck, hearing.FillGaps, hearing.WaitForGaps, VeryLongTurn),
        ];

    /// <param name="wait">Waits for the period, or for something that calls for a turn before it is over.</param>
    /// <param name="limit">How long it may be from turn to turn, where a turn may be long.</param>
    private BackgroundLoop Every(
        string name,
        TimeSpan period,
        Func<CancellationToken, Task> turn,
        Func<CancellationToken, Task>? wait = null,
        TimeSpan? limit = null,
        Task? after = null
    )
    {
        var standstill = new[] { period * 3, ShortestStandstill, limit ?? TimeSpan.Zero }.Max();
        return new(name, turn, time, log)
        {
            Period = period,
            Wait = wait,
            StandstillLimit = standstill,
            After = after ?? Task.CompletedTask,
        };
    }

    /// <param name="wait">Waits for work. Null: the turn does, at its beginning.</param>
    private BackgroundLoop Always(string name, Func<CancellationToken, Task> turn, Func<CancellationToken, Task>? wait = null) =>
        new(name, turn, time, log) { Wait = wait };

    private IEnumerable<BackgroundLoop> Several(
        string name,
        int count,
        Func<CancellationToken, Task> turn,
        Func<CancellationToken, Task>? wait = null
    ) => Enumerable.Range(1, count).Select(number => Always($"{name} {number}", turn, wait));
}
