using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Wiring. The caller adds Data Protection with its key ring, and calls <see cref="Database.Apply"/> before the host starts.</summary>
public static class PostgresServices
{
    /// <summary>The stores and what they stand on.</summary>
    /// <param name="connectionString">Npgsql's form: Host, Port, Database, Username, Password.</param>
    /// <param name="communityOf">The community a private key belongs to.</param>
    /// <param name="publish">
    /// Gives an event to the bus and returns when the bus has it; throws to be called again, later, with the same event. With it the process
    /// hosts Marten's daemon, of which one at a time in the deployment folds the projections and publishes. Null: a verb, which does not.
    /// </param>
    public static IServiceCollection AddPostgres(
        this IServiceCollection services,
        Func<IServiceProvider, string> connectionString,
        Func<ReadOnlyMemory<byte>, CommunityId> communityOf,
        Func<IServiceProvider, Func<RecordedEvent, CancellationToken, Task>>? publish = null
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => PostgresDataSource.Create(connectionString(provider)));
        services.AddSingleton(provider => new Database(
            provider.GetRequiredService<IDocumentStore>(),
            provider.GetRequiredService<EventStoreDataSource>().Source
        ));
        services.TryAddSingleton<EffectSignals>();
        services.AddSingleton<Notifications>();
        AddEventStore(services, connectionString, publish);
        services.AddSingleton<IPendingWork, PostgresPendingWork>();
        services.AddSingleton<IMessageStore, PostgresMessageStore>();
        services.AddSingleton<MessageRetention>();
        services.AddSingleton<ICoverage, PostgresCoverage>();
        services.AddSingleton<IChannelKeys, PostgresChannelKeys>();
        services.AddSingleton<StoreVerifier>();
        services.AddSingleton<HeadSigningKey>();
        services.AddSingleton<SignedHeads>();
        services.AddSingleton<ProjectionReader>();
        services.AddSingleton<NodeTorrents>();
        services.AddOptions();
        services.AddSingleton<SeedingReader>();
        services.AddSingleton<UnseededReader>();
        services.AddSingleton<ProjectionRebuild>();
        services.AddSingleton<IRatchetKeys, PostgresRatchetKeys>();
        services.AddSingleton<TopicKeys>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<ICommunityKeys>(provider => new PostgresCommunityKeys(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IDataProtectionProvider>(),
            communityOf
        ));
        return services;
    }

    private static void AddEventStore(
        IServiceCollection services,
        Func<IServiceProvider, string> connectionString,
        Func<IServiceProvider, Func<RecordedEvent, CancellationToken, Task>>? publish
    )
    {
        services.AddSingleton<CommitNotifier>();
        services.AddSingleton(CommandStore.Of);
        services.AddSingleton(provider => new CommunityStore(
            provider.GetRequiredService<CommandStore>().Store,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<CommitNotifier>()
        ));
        services.AddSingleton<EventReader>();
        services.AddSingleton<ProjectionFailures>();
        services.AddSingleton<ProjectionHealth>();
        services.AddSingleton(provider => new EventStoreDataSource(
            PostgresDataSource.CreateForStore(connectionString(provider), forDaemon: publish is not null)
        ));
        var marten = services.AddMarten(provider =>
        {
            var options = new StoreOptions();
            options.Connection(provider.GetRequiredService<EventStoreDataSource>().Source);
            EventStoreSetup.Configure(options);
            Schema.AddTo(options);
            provider.GetService<EventPublisher>()?.AddTo(options);
            return options;
        });
        if (publish is null)
            return;
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<EventPublisher>(provider, publish(provider)));
        marten.AddAsyncDaemon(DaemonMode.HotCold);
        services.AddSingleton<DaemonWatch>();
        services.AddSingleton<OvertakenProjections>();
        services.AddMetrics();
        services.AddSingleton<ProjectionMetrics>();
    }
}
