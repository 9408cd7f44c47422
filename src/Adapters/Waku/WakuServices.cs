using System.Security.Cryptography;
using EventArchive.Commands;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventArchive.Waku;

/// <summary>What a host registers to speak to the Waku network.</summary>
public static class WakuServices
{
    /// <summary>
    /// Registers <see cref="IMagnetlinkMessages"/>, <see cref="IAnnouncer"/> and what they need. A <see cref="MagnetlinkListener"/> is
    /// added by the host, which knows whom to follow.
    /// </summary>
    public static IServiceCollection AddWaku(this IServiceCollection services, WakuOptions options)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<WakuMetrics>();
        services.AddSingleton(new WakuKeys());
        services.AddSingleton<FillRandom>(RandomNumberGenerator.Fill);
        services.AddSingleton(provider => new WakuNodes(NewHttpClient(), options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMagnetlinkMessages, MagnetlinkMessages>();
        services.AddSingleton<IAnnouncer, Announcer>();
        return services;
    }

    /// <summary>What the listener handed on, as the command that it stands for.</summary>
    /// <exception cref="FormatException">The listener did not hand this on.</exception>
    public static ICommand CommandOf(CommunityId community, byte[] signedMessage) => HeardMessage.ToCommand(community, signedMessage);

    /// <summary>Time-outs are the caller's; a node is spoken to directly and does not send elsewhere.</summary>
    public static HttpClient NewHttpClient() =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
