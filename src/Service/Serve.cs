using System.Text.Json;
using EventArchive.Archives;
using EventArchive.BitTorrent;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Waku;
using MassTransit;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>The running service.</summary>
public static class Serve
{
    private static readonly Guid ReceivedNamespace = new("c7a5a3f2-6e0f-4f5e-9f5d-0c4f6d0b7a11");

    public static async Task<int> Run(string[] hostArguments, bool exitWithParent, CancellationToken cancellation)
    {
        // appsettings.json is the one beside the program, as for the other verbs, wherever it is started from.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = hostArguments, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddEnvironmentVariables("EVENTARCHIVE_");
        // Standard output is for the one line that says where the service is.
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        MartenLog.Filter(builder.Logging);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        var options = ServiceOptions.Read(builder.Configuration);
        BitTorrentServices.RequireLibrary();
        builder.WebHost.UseUrls(options.Http.Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = HttpApi.MaxBodyBytes);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddProblemDetails();
        AddService(builder.Services, builder.Configuration, options);

        await using var app = builder.Build();
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                // A body that is too long, or that broke off, is the caller's.
                StatusCodeSelector = fault => (fault as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError,
            }
        );
        app.UseStatusCodePages();
        app.UseApiKeys(options.Http);
        if (options.Node.Has(NodeRoles.Api))
        {
            app.MapHttpApi();
            app.MapHistoryApi();
            app.MapProjections();
            app.MapSeeding();
        }
        app.MapHealth();
        app.MapVerification();
        app.MapKeys();
        await Stores.Reach(() => app.Services.GetRequiredService<Database>().ApplyIfEmpty(cancellation));
        await app.Services.GetRequiredService<OpenArchiveRoot>().Try(cancellation);
        await app.StartAsync(cancellation);
        Console.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    http = app.Urls.First(),
                    node = options.Node.Name,
                    bus = options.Bus.Transport.ToString(),
                    peer = app.Services.GetRequiredService<ITorrentEngine>().Peer?.ToString(),
                    waku = app.Services.GetRequiredService<WakuNodes>().All[0].Address,
                }
            )
        );
        if (exitWithParent)
            StopWhenInputCloses(app);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>What the verbs of the command line need too: the stores alone.</summary>
    /// <param name="publish">Null: a verb, which publishes nothing.</param>
    public static void AddStores(
        IServiceCollection services,
        ServiceOptions options,
        Func<IServiceProvider, Func<RecordedEvent, CancellationToken, Task>>? publish = null
    )
    {
        services.AddPostgres(_ => options.Postgres.ConnectionString, key => CommunityKey.IdOf(key.Span), publish);
        services.AddKeyRing(options.Data);
    }

    private static void AddService(IServiceCollection services, IConfiguration configuration, ServiceOptions options)
    {
        services.AddSingleton(Options.Create(options.Node));
        services.AddSingleton(Options.Create(options.Work));
        // In the order in which they start: the bus before what publishes, the engine before what seeds.
        services.AddBus(options.Bus, options.Node);
        services.AddBitTorrent(configuration.GetSection("BitTorrent"));
        AddStores(services, options, provider => (recorded, token) => Publish(provider, recorded, token));
        var tree = new ArchiveTreeOptions { Root = options.Data.Root, DemandMarker = true };
        if (options.BitTorrent.Trackers.Count > 0)
            tree = tree with { Trackers = [.. options.BitTorrent.Trackers.Select(tracker => tracker.AbsoluteUri)] };
        services.AddSingleton(tree);
        services.AddSingleton(new ArchiveRoot(tree));
        services.AddSingleton<OpenArchiveRoot>();
        services.AddSingleton<IArchiveFiles, ArchiveTree>();
        services.AddWaku(options.Waku);
        services.AddHandlers();
        services.AddSingleton<ResumeSeeding>();
        services.AddSingleton<FollowSeeds>();
        services.AddSingleton<TellSeeding>();
        services.AddSingleton(options.Bus);
        services.AddSingleton<RetireNodes>();
        services.AddSingleton<WatchSeeding>();
        services.AddSingleton<VerifySeeds>();
        services.AddSingleton<RestartedSeeders>();
        services.AddSingleton(options.Schedule);
        services.AddSingleton<KeepSchedule>();
        services.AddSingleton(options.Messages);
        services.AddSingleton<DropOldMessages>();
        services.AddSingleton<FollowedCommunities>();
        services.AddSingleton(Announcements);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Hearing>(provider, Followed(provider), Reports(provider)));
        LoopList.AddTo(services, (loops, provider) => loops.OfNode(provider));
    }

    private static async Task Publish(IServiceProvider provider, RecordedEvent recorded, CancellationToken token)
    {
        await provider.GetRequiredService<IBus>().PublishEvent(recorded, token);
        if (recorded.Event is not HistoryArchivesEnabled enabled)
            return;
        // Other nodes of the deployment read the list again within seconds.
        provider.GetRequiredService<FollowedCommunities>().Add(enabled);
        provider.GetRequiredService<Hearing>().Wake();
    }

    private static Func<CancellationToken, Task<IReadOnlyList<FollowedCommunity>>> Followed(IServiceProvider provider) =>
        provider.GetRequiredService<FollowedCommunities>().List;

    private static Func<IReport, CancellationToken, Task> Reports(IServiceProvider provider)
    {
        var reports = provider.GetRequiredService<NodeReports>();
        return (report, token) => reports.Report(report, Guid.CreateVersion7(), token);
    }

    private static MagnetlinkListener Announcements(IServiceProvider provider)
    {
        var reports = provider.GetRequiredService<NodeReports>();
        return ActivatorUtilities.CreateInstance<MagnetlinkListener>(provider, (Func<CommunityId, byte[], CancellationToken, Task>)HandIn);

        // The id derives from the signed bytes: heard on two channels or again from a store, it is handled once.
        Task HandIn(CommunityId community, byte[] signedMessage, CancellationToken token)
        {
            var messageId = DerivedId.From(ReceivedNamespace, Hex.Encode(Keccak256.Hash(signedMessage)));
            return reports.Report(WakuServices.CommandOf(community, signedMessage), messageId, token);
        }
    }

    /// <summary>On a thread of its own: reading the console blocks, whatever the name of the method says, and a signal must be heeded meanwhile.</summary>
    private static void StopWhenInputCloses(WebApplication app) =>
        new Thread(() =>
        {
            Console.In.ReadToEnd();
            app.Lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "standard input",
        }.Start();
}
