using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Tests.Unit.Domain;
using EventArchive.Tests.Unit.Handlers;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventArchive.Tests.Contract;

/// <summary>One node's command handler on a database of its own, and what its reports left in the tables.</summary>
internal sealed class RecordedReports : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly ServiceProvider services;

    private RecordedReports(TestDatabase database, ILogger<NodeReports>? log)
    {
        this.database = database;
        services = TestStores.Of(database);
        Reports = Of(services, log);
    }

    public NodeReports Reports { get; }

    public CommandHandler Handler => HandlerOf(services);

    public CommunityStore Communities => services.GetRequiredService<CommunityStore>();

    public static async Task<RecordedReports> Create(
        PostgresFixture postgres,
        CancellationToken cancellation,
        ILogger<NodeReports>? log = null
    ) => new(await postgres.Create(cancellation), log);

    /// <summary>The node c's.</summary>
    public static NodeReports Of(IServiceProvider services, ILogger<NodeReports>? log = null) =>
        new(HandlerOf(services), Options.Create(new NodeOptions { Name = "c" }), log ?? NullLogger<NodeReports>.Instance);

    /// <summary>Until <see cref="Back"/> no command can be stored.</summary>
    public Task Away(CancellationToken cancellation) =>
        database.Run("alter table mt_doc_outcome rename to mt_doc_outcome_away", cancellation);

    public Task Back(CancellationToken cancellation) =>
        database.Run("alter table mt_doc_outcome_away rename to mt_doc_outcome", cancellation);

    /// <summary>No state can be read until the tables are mended.</summary>
    public Task SpoilStates(CancellationToken cancellation) =>
        database.Run("update mt_doc_community set data = '{\"Spoilt\": true}'", cancellation);

    public Task Happened(params IReadOnlyList<IEvent> events) => Communities.Store(events, CancellationToken.None);

    /// <summary>All that reports led to, in the order in which they were stored.</summary>
    public async Task<IReadOnlyList<StoredReport>> Stored(CancellationToken cancellation)
    {
        List<StoredReport> found = [];
        foreach (
            var row in await database.Rows(
                "select id, data -> 'Refusal' ->> 'Code' from mt_doc_outcome where data ->> 'Command' <> 'Test' order by data ->> 'At', id",
                cancellation
            )
        )
        {
            var (id, code) = (Guid.Parse(row.Split('|')[0]), row.Split('|')[1]);
            found.Add(new StoredReport(id, code.Length == 0 ? null : code, await EventsOf(id, cancellation)));
        }
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    private static CommandHandler HandlerOf(IServiceProvider services)
    {
        var facts = new FactGatherer(
            services.GetRequiredService<IMessageStore>(),
            services.GetRequiredService<ICommunityKeys>(),
            services.GetRequiredService<IRatchetKeys>(),
            new MagnetlinkMessages(),
            services.GetRequiredService<EventReader>(),
            new FixedTime()
        );
        return new CommandHandler(services.GetRequiredService<CommunityStore>(), facts, [], TimeProvider.System);
    }

    private async Task<IReadOnlyList<StoredReportEvent>> EventsOf(Guid messageId, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select e.seq_id, e.type, e.data::text, e.headers ->> 'actor', e.headers ->> 'cause', e.correlation_id, e.causation_id
            from mt_doc_outcome o, jsonb_array_elements_text(o.data -> 'EventIds') with ordinality i (id, n)
            join mt_events e on e.id = i.id::uuid
            where o.id = $1
            order by i.n
            """
        );
        command.Parameters.Add(new() { Value = messageId });
        List<StoredReportEvent> events = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            events.Add(
                new(
                    EventJson.Read(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)),
                    reader.GetString(3),
                    await reader.IsDBNullAsync(4, cancellation) ? null : Guid.Parse(reader.GetString(4)),
                    Guid.Parse(reader.GetString(5)),
                    Guid.Parse(reader.GetString(6))
                )
            );
        return events;
    }
}

/// <summary>A row of <c>mt_doc_outcome</c> and its events.</summary>
/// <param name="Refusal">Its code.</param>
internal sealed record StoredReport(Guid MessageId, string? Refusal, IReadOnlyList<StoredReportEvent> Events);

/// <summary>A row of <c>mt_events</c> with the columns and headers that say where it came from.</summary>
internal sealed record StoredReportEvent(IEvent Event, string Actor, Guid? Cause, Guid Correlation, Guid Causation);
