namespace EventArchive.Service;

public enum BusTransport
{
    /// <summary>Embedded: lives and dies with the process. What was lost with it, the sweep over pending work takes up again.</summary>
    InMemory,

    RabbitMq,
}

/// <summary>How commands come in and events go out.</summary>
public sealed record BusOptions
{
    public BusTransport Transport { get; init; } = BusTransport.InMemory;

    /// <summary>With RabbitMq: <c>amqp://user:password@host:port/vhost</c>.</summary>
    public string Uri { get; init; } = "";

    public IEnumerable<string> Faults()
    {
        // The address holds a password: it is never repeated in a message.
        if (
            Transport == BusTransport.RabbitMq
            && !(System.Uri.TryCreate(Uri, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq")
        )
            yield return "Bus:Uri is not a broker's address: set EVENTARCHIVE_Bus__Uri to amqp://USER:PASSWORD@HOST:PORT/VHOST.";
    }
}
