using EventArchive.Domain;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EventArchive.Service;

/// <summary>
/// Takes a node that does not come back out of the deployment: its queue and exchange at the broker, what it seeds according to the events, and its
/// rows.
/// </summary>
public sealed partial class RetireNodes(
    NodeTorrents torrents,
    ProjectionReader projections,
    CommunityStore communities,
    NodeReports reports,
    BusOptions bus,
    ILogger<RetireNodes> log
)
{
    /// <summary>It may have seeded thousands: their events travel together.</summary>
    private const int CommunitiesAtATime = 8;

    /// <param name="silentFor">Only if it has told nothing for so long: a node that lives is not retired.</param>
    /// <returns>False: it lives, or there is no such node.</returns>
    /// <exception cref="BrokerException">The broker does not answer, or refuses.</exception>
    public async Task<bool> Retire(string name, TimeSpan silentFor, CancellationToken cancellation)
    {
        if (!(await torrents.ListSilent(silentFor, cancellation)).Contains(name, StringComparer.Ordinal))
            return false;
        // The row last: by it this is tried again when the broker is away, or the process ends.
        if (bus.Transport == BusTransport.RabbitMq)
            await RemoveFromBroker(BusEndpoints.SeederQueuePrefix + name, cancellation);
        await Parallel.ForEachAsync(
            projections.List<CommunitySummary>(community: null, cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = CommunitiesAtATime, CancellationToken = cancellation },
            async (row, token) => await StopSeeding(row.CommunityId, name, token)
        );
        return await torrents.Forget(name, silentFor, cancellation);
    }

    private async Task StopSeeding(CommunityId id, string name, CancellationToken cancellation)
    {
        try
        {
            var (community, _) = await communities.Load(id, cancellation);
            // A command that changes nothing would still leave its outcome.
            if (community.Serving.ContainsKey(name) || community.Torrent?.Node == name)
                await reports.Report(new ReportSeedingStopped(id, name, Retired: true), Guid.CreateVersion7(), cancellation);
        }
        catch (UnusableCommunityException fault)
        {
            LogNotReported(fault, id, name);
        }
    }

    private async Task RemoveFromBroker(string queue, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = new Uri(bus.Uri) }.CreateConnectionAsync(cancellation);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellation);
            await channel.ExchangeDeleteAsync(queue, ifUnused: false, cancellationToken: cancellation);
        }
        catch (Exception fault) when (fault is RabbitMQClientException or IOException)
        {
            throw new BrokerException(
                $"The broker did not remove {queue}: {fault.Message} Check that it runs and that Bus:Uri is right.",
                fault
            );
        }
    }

    [LoggerMessage(1244, LogLevel.Error, "That {Name} does not seed the torrent of {Community} any more cannot be reported")]
    private partial void LogNotReported(Exception fault, CommunityId community, string name);
}

/// <summary>The broker did not do what was asked. The message says what to look at, and no address: that holds a password.</summary>
public sealed class BrokerException(string message, Exception inner) : Exception(message, inner);
