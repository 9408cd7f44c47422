namespace EventArchive.Testing;

/// <summary>A private server could not be started, reached or stopped; the message says which and what its log ends with.</summary>
public sealed class ServerFailedException(string message) : Exception(message);
