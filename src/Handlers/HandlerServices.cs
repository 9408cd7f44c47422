using EventArchive.Commands;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace EventArchive.Handlers;

/// <summary>Wires what turns commands into outcomes and events into effects; the ports are the adapters'.</summary>
public static class HandlerServices
{
    public static IServiceCollection AddHandlers(this IServiceCollection services)
    {
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<CommunityLoader>();
        services.AddSingleton<FactGatherer>();
        services.AddSingleton<EffectSignals>();
        services.AddSingleton<IValidator, EnableHistoryArchivesValidator>();
        services.AddSingleton<IValidator, ChangeChannelsValidator>();
        services.AddSingleton<IValidator, CreateArchiveValidator>();
        services.AddSingleton<IValidator, AnnounceArchiveValidator>();
        services.AddSingleton<IValidator, RestoreArchiveValidator>();
        services.AddSingleton<IValidator, ReceiveMagnetlinkValidator>();
        services.AddSingleton<IEffect, CutArchives>();
        services.AddSingleton<IEffect, SeedTorrents>();
        services.AddSingleton<IEffect, SendAnnouncements>();
        services.AddSingleton<IEffect, DownloadArchives>();
        services.AddSingleton<IEffect, ImportArchives>();
        services.AddSingleton<IEffect, ResumeImports>();
        services.AddHostedService<EffectWorker>();
        return services;
    }
}
