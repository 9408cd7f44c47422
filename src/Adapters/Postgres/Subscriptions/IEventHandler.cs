using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>What a subscription does with each event, inside the transaction that moves its checkpoint.</summary>
internal interface IEventHandler
{
    /// <summary>Name of the row in <c>mt_event_progression</c>.</summary>
    string Name { get; }

    Task Handle(RecordedEvent recorded, NpgsqlConnection connection, CancellationToken cancellation);

    /// <summary>Whether a failure is the event's own, so that trying again gives the same.</summary>
    bool IsTheEventsFault(Exception fault);
}
