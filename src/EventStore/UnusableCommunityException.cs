namespace EventArchive.EventStore;

/// <summary>A community's events or state cannot be used: it is left out, and the others go on. The message says what to do.</summary>
public abstract class UnusableCommunityException(string message, Exception? inner = null) : Exception(message, inner);
