using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Wiring. The caller adds Data Protection with its key ring, and calls <see cref="Database.Apply"/> before the host starts.</summary>
public static class PostgresServices
{
    /// <summary>The stores and what they stand on.</summary>
    /// <param name="connectionString">Npgsql's form: Host, Port, Database, Username, Password.</param>
    /// <param name="communityOf">The community a private key belongs to.</param>
    public static IServiceCollection AddPostgres(
        this IServiceCollection services,
        Func<IServiceProvider, string> connectionString,
        Func<ReadOnlyMemory<byte>, CommunityId> communityOf
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => PostgresDataSource.Create(connectionString(provider)));
        services.AddSingleton<Database>();
        services.AddSingleton<Notifications>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Notifications>());
        services.AddSingleton<IEventStore, PostgresEventStore>();
        services.AddSingleton<ICommunityStates, PostgresCommunityStates>();
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
        services.AddSingleton<SubscriptionFaults>();
        services.AddSingleton<SubscriptionHealth>();
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

    /// <summary>The subscriptions as hosted services: every projection, PendingWork and publish.</summary>
    /// <param name="publish">Hands an event to the bus and returns when the bus has it. Throws to be called again, later, with the same event.</param>
    public static IServiceCollection AddPostgresSubscriptions(
        this IServiceCollection services,
        Func<IServiceProvider, Func<RecordedEvent, CancellationToken, Task>> publish
    )
    {
        foreach (var projection in AllProjections.List)
            services.AddSingleton(provider => Create(provider, new ProjectionHandler(projection)));
        services.AddSingleton(provider => Create(provider, new PendingWorkHandler()));
        services.AddSingleton(provider => Create(provider, new PublishHandler(publish(provider))));
        services.AddHostedService<SubscriptionHost>();
        services.AddMetrics();
        services.AddHostedService<SubscriptionMetrics>();
        return services;
    }

    private static Subscription Create(IServiceProvider provider, IEventHandler handler) =>
        new(
            handler,
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<Notifications>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Subscription>>()
        );
}
