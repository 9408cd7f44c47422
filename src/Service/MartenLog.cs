namespace EventArchive.Service;

/// <summary>What Marten logs of itself is said here already, in one line each, or is no error.</summary>
public static class MartenLog
{
    /// <summary>Statements that failed: a version conflict, which is decided again, or what is thrown and reported where it was asked for.</summary>
    private const string Statements = "Marten.IDocumentStore";

    /// <summary>
    /// The daemon, with the stack trace of each failed try, and a line for each page of each projection: <see cref="EventStore.DaemonWatch"/> says
    /// what stopped. Its warnings are of gaps in the events' numbers, which nobody else sees.
    /// </summary>
    private const string Daemon = "Marten.Events.Daemon";

    public static void Filter(ILoggingBuilder logging) =>
        logging.AddFilter(Statements, LogLevel.None).AddFilter(Daemon, level => level == LogLevel.Warning);
}
