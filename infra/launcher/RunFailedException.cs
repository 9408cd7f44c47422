namespace EventArchive.Launcher;

/// <summary>The run did not come to its end; the message is for the person who started it.</summary>
public sealed class RunFailedException(string message) : Exception(message);
