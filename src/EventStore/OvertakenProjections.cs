using JasperFx;
using JasperFx.Events.Daemon;
using Microsoft.Extensions.Logging;

namespace EventArchive.EventStore;

/// <summary>
/// Takes up again what another process took from this node's daemon by moving its progress: a rebuild, or a node that led meanwhile. Marten stops such
/// a projection or subscription for good (9.58); once it is removed from the daemon, the leader starts it again from the stored progress.
/// </summary>
public sealed partial class OvertakenProjections(
    Marten.Events.Daemon.Coordination.IProjectionCoordinator coordinator,
    ILogger<OvertakenProjections> log
)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task Look(CancellationToken cancellation)
    {
        foreach (var daemon in await coordinator.AllDaemonsAsync().AsTask().WaitAsync(cancellation))
        foreach (var agent in daemon.CurrentAgents())
            if (agent is { Status: AgentStatus.Stopped, Failure.Category: ShardFailureCategory.ProgressionOutOfOrder })
            {
                LogOvertaken(agent.Name.Identity);
                daemon.EjectPausedShard(agent.Name.Identity);
            }
    }

    [LoggerMessage(
        EventId = 2006,
        Level = LogLevel.Information,
        Message = "{Name} was moved by another process, a rebuild perhaps: the leader starts it again from there"
    )]
    private partial void LogOvertaken(string name);
}
