using Npgsql;

namespace EventArchive.Postgres;

/// <summary>What a subscription does with the events behind its checkpoint, inside the transaction that moves it.</summary>
internal interface IEventHandler
{
    /// <summary>Name of the row in <c>mt_event_progression</c>.</summary>
    string Name { get; }

    /// <summary>Events of one transaction at most.</summary>
    int BatchSize { get; }

    /// <summary>
    /// Whether it acts on the outside. Then the checkpoint is on disk before the next batch; what is only written to this database may be lost
    /// with its checkpoint when the machine stops, and is done again.
    /// </summary>
    bool HasEffects { get; }

    /// <summary>Stored names of the events it is not about: their bodies are not fetched, and the checkpoint passes over them.</summary>
    string[] Unread { get; }

    /// <summary>Handles events in their order until one fails, and adds what is to be written.</summary>
    /// <param name="writes">Sent in one round trip with the checkpoint.</param>
    Task<Handled> Handle(IReadOnlyList<EventRow> events, NpgsqlConnection connection, NpgsqlBatch writes, CancellationToken cancellation);
}

/// <param name="Count">The first so many events are handled.</param>
/// <param name="Fault">Why the next one is not: an <see cref="UnhandledEventException"/> stops the subscription, all else is tried again.</param>
internal readonly record struct Handled(int Count, Exception? Fault = null);
