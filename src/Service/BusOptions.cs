namespace EventArchive.Service;

public enum BusTransport
{
    /// <summary>Embedded: lives and dies with the process. What was lost with it, the sweep over pending work takes up again.</summary>
    InMemory,

    RabbitMq,
}

/// <summary>How commands come in and events go out.</summary>
public sealed class BusOptions
{
    public BusTransport Transport { get; set; } = BusTransport.InMemory;

    /// <summary>With RabbitMq: <c>amqp://user:password@host:port/vhost</c>.</summary>
    public string Uri { get; set; } = "";
}
