using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>The stores for one verb, with the settings of the service.</summary>
public static class Stores
{
    /// <exception cref="InvalidOptionsException">A setting is missing.</exception>
    public static async Task<ServiceProvider> Open(CancellationToken cancellation)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables("EVENTARCHIVE_")
            .Build();
        var services = new ServiceCollection();
        services.AddLogging();
        Serve.AddStores(services, ServiceOptions.Read(configuration, databaseOnly: true));
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Database>().Apply(cancellation);
        return provider;
    }
}
