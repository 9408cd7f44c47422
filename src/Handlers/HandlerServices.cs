using EventArchive.Commands;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventArchive.Handlers;

/// <summary>Wires what turns commands into outcomes and events into effects; the ports are the adapters'.</summary>
public static class HandlerServices
{
    /// <summary>Commands and reports to outcomes alone.</summary>
    public static IServiceCollection AddCommandHandling(this IServiceCollection services)
    {
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<FactGatherer>();
        services.AddSingleton<NodeReports>();
        services.AddSingleton<IValidator, EnableHistoryArchivesValidator>();
        services.AddSingleton<IValidator, ChangeChannelsValidator>();
        services.AddSingleton<IValidator, CreateArchiveValidator>();
        services.AddSingleton<IValidator, AnnounceArchiveValidator>();
        services.AddSingleton<IValidator, RestoreArchiveValidator>();
        services.AddSingleton<IValidator, ReceiveMagnetlinkValidator>();
        return services;
    }

    public static IServiceCollection AddHandlers(this IServiceCollection services)
    {
        services.AddCommandHandling();
        services.TryAddSingleton<EffectSignals>();
        services.AddSingleton<SeedQueue>();
        services.AddSingleton<FetchTorrents>();
        services.AddSingleton<IEffect, CutArchives>();
        services.AddSingleton<IEffect, SeedTorrents>();
        services.AddSingleton<IEffect, SignAnnouncements>();
        services.AddSingleton<IEffect, SendAnnouncements>();
        services.AddSingleton<IEffect, DownloadArchives>();
        services.AddSingleton<IEffect, ImportArchives>();
        services.AddSingleton<IEffect, ResumeImports>();
        services.AddSingleton<EffectWorker>();
        return services;
    }
}
