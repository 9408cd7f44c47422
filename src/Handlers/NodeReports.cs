using EventArchive.Commands;
using EventArchive.EventStore;
using EventArchive.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventArchive.Handlers;

/// <summary>
/// What this node reports, and what it received from the Waku network, to the command handler in process: when it returns, the outcome is stored. A
/// refusal is logged; nobody else waits for it.
/// </summary>
public sealed partial class NodeReports(CommandHandler handler, IOptions<NodeOptions> node, ILogger<NodeReports> log)
{
    /// <exception cref="TimeoutException">The stream kept moving until the deadline.</exception>
    public async Task<CommandOutcome> Report(
        ICommand report,
        Guid messageId,
        CancellationToken cancellation,
        Guid? correlationId = null,
        Guid? eventId = null
    )
    {
        var cause = new Cause(messageId, Actor.Node(node.Value.Name), correlationId, eventId);
        var outcome = await handler.Handle(report, cause, cancellation);
        if (outcome.Refusal is { } refusal)
            LogRefused(outcome.Command, report.CommunityId, refusal.Code, refusal.Reason);
        return outcome;
    }

    [LoggerMessage(1109, LogLevel.Warning, "{Report} of {Community} was refused ({Code}): {Reason}")]
    private partial void LogRefused(string report, CommunityId community, string code, string reason);
}
