namespace EventArchive.Testing;

/// <param name="Durable">False turns fsync off: faster, for tests that do not crash the machine. True, the default, keeps the server honest.</param>
/// <param name="AlwaysPrivate">True starts a server of our own even when EVENTARCHIVE_POSTGRES names one, for tests that stop or restart it.</param>
/// <param name="LogFile">Receives the server's log; null keeps it in the server's folder, which goes with it.</param>
public sealed record PostgresSettings(bool Durable = true, bool AlwaysPrivate = false, string? LogFile = null);
