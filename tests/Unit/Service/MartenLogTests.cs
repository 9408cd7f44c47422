using EventArchive.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Service;

public sealed class MartenLogTests
{
    [Theory]
    [InlineData("Marten.IDocumentStore", "")]
    [InlineData("Marten.Events.Daemon.Coordination.ProjectionCoordinator", "Warning")]
    [InlineData("Marten.Other", "Information Warning Error Critical")]
    [InlineData("EventArchive.EventStore.DaemonWatch", "Information Warning Error Critical")]
    public void A_conflict_and_the_daemons_traces_are_no_lines_of_the_log_and_all_else_is(string category, string levels)
    {
        using var services = new ServiceCollection()
            .AddLogging(logging =>
            {
                logging.AddProvider(new Listening());
                MartenLog.Filter(logging);
            })
            .BuildServiceProvider();

        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        string.Join(' ', Enum.GetValues<LogLevel>().Except([LogLevel.None]).Where(log.IsEnabled)).ShouldBe(levels);
    }

    private sealed class Listening : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) { }

        public void Dispose() { }
    }
}
