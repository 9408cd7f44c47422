using EventArchive.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EventArchive.BitTorrent;

/// <summary>Puts the engine into a host: one instance, started before what is registered after it.</summary>
public static class BitTorrentServices
{
    /// <summary>Fails before anything else is tried where the engine could not start.</summary>
    /// <exception cref="TorrentLibraryException">The native library is missing or another version's.</exception>
    public static void RequireLibrary() => NativeLibraryFile.Require();

    /// <param name="section">The section <c>BitTorrent</c>.</param>
    public static IServiceCollection AddBitTorrent(this IServiceCollection services, IConfiguration section)
    {
        services.AddOptions<BitTorrentOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BitTorrentOptions>, Validation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LibtorrentEngine>();
        services.AddSingleton<ITorrentEngine>(provider => provider.GetRequiredService<LibtorrentEngine>());
        services.AddHostedService(provider => provider.GetRequiredService<LibtorrentEngine>());
        return services;
    }

    private sealed class Validation : IValidateOptions<BitTorrentOptions>
    {
        public ValidateOptionsResult Validate(string? name, BitTorrentOptions options) =>
            options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
