using System.Data.Common;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>The stores for one verb, with the settings of the service.</summary>
public static class Stores
{
    /// <exception cref="InvalidOptionsException">A setting is missing.</exception>
    /// <exception cref="InvalidOperationException">The database does not answer.</exception>
    public static async Task<ServiceProvider> Open(CancellationToken cancellation, bool withKeyRing = false)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables("EVENTARCHIVE_")
            .Build();
        var services = new ServiceCollection();
        services.AddLogging();
        Serve.AddStores(services, ServiceOptions.ReadStores(configuration, withKeyRing));
        var provider = services.BuildServiceProvider();
        await Apply(provider.GetRequiredService<Database>(), cancellation);
        return provider;
    }

    /// <summary>Makes or migrates the tables.</summary>
    /// <exception cref="InvalidOperationException">The database does not answer, or refuses; with what to look at.</exception>
    public static async Task Apply(Database database, CancellationToken cancellation)
    {
        try
        {
            await database.Apply(cancellation);
        }
        catch (DbException fault)
        {
            throw new InvalidOperationException(
                $"The database cannot be used: {fault.Message.TrimEnd('.')}. Check that PostgreSQL runs and that Postgres:ConnectionString "
                    + "(EVENTARCHIVE_Postgres__ConnectionString) is right.",
                fault
            );
        }
    }
}
