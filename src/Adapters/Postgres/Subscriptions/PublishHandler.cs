using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Hands every event to the bus, in order, each before the checkpoint passes it: at least once, never before its commit.</summary>
internal sealed class PublishHandler(Func<RecordedEvent, CancellationToken, Task> publish) : IEventHandler
{
    public string Name => "publish";

    public async Task Handle(RecordedEvent recorded, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var type = recorded.Event.GetType().Name;
        CrashPoint.Before("publish", type);
        await publish(recorded, cancellation);
        CrashPoint.After("publish", type);
    }

    /// <summary>Whatever the bus throws may be over soon; only the publisher can say that an event will never pass.</summary>
    public bool IsTheEventsFault(Exception fault) => fault is UnhandledEventException;
}
