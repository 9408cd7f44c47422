namespace EventArchive.Handlers;

/// <summary>This node serves a torrent in the place of a seeder and waits for one. Waiting is no failed try.</summary>
public sealed class SeederAwaitedException(string message) : Exception(message);
