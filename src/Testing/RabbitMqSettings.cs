namespace EventArchive.Testing;

/// <param name="AlwaysPrivate">True starts a node of our own even when EVENTARCHIVE_RABBITMQ names a broker, for tests that stop, kill or restart it.</param>
/// <param name="LogFile">Receives the broker's log; null keeps it in the broker's folder, which goes with it.</param>
public sealed record RabbitMqSettings(bool AlwaysPrivate = false, string? LogFile = null);
