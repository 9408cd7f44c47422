using System.Data.Common;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Waku;
using Marten.Exceptions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventArchive.Service;

/// <summary>The stores for one verb, with the settings of the service.</summary>
public static class Stores
{
    private const string Setting = "Postgres:ConnectionString (EVENTARCHIVE_Postgres__ConnectionString)";

    /// <summary>For a verb that uses the tables: they must be there, in this program's version. Only db apply and serve change them.</summary>
    /// <exception cref="InvalidOptionsException">A setting is missing.</exception>
    /// <exception cref="InvalidOperationException">The database does not answer, refuses, or is of another version.</exception>
    public static async Task<ServiceProvider> Open(CancellationToken cancellation, bool withKeyRing = false, bool withNodes = false)
    {
        var provider = Create(withKeyRing, withNodes);
        try
        {
            await Reach(() => provider.GetRequiredService<Database>().RequireVersion(cancellation));
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>For a verb that looks after the tables themselves. Nothing is asked of the database yet.</summary>
    /// <exception cref="InvalidOptionsException">A setting is missing.</exception>
    public static ServiceProvider Create(bool withKeyRing = false, bool withNodes = false)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables("EVENTARCHIVE_")
            .Build();
        var services = new ServiceCollection();
        services.AddLogging();
        var options = ServiceOptions.ReadStores(configuration, withKeyRing, withNodes);
        services.AddSingleton(Options.Create(options.Node));
        if (withNodes)
            AddNodes(services, options);
        Serve.AddStores(services, options);
        return services.BuildServiceProvider();
    }

    /// <summary>What takes nodes out of the deployment; beside the stores.</summary>
    public static void AddNodes(IServiceCollection services, ServiceOptions options)
    {
        services.AddSingleton(options.Bus);
        services.AddCommandHandling();
        services.AddSingleton<IMagnetlinkMessages, MagnetlinkMessages>();
        services.AddSingleton<RetireNodes>();
    }

    /// <summary>Asks something of the database for the first time.</summary>
    /// <exception cref="InvalidOperationException">The database does not answer, or refuses; with what to look at.</exception>
    public static async Task Reach(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception error) when ((error as DbException ?? (error as MartenException)?.InnerException) is DbException database)
        {
            throw new InvalidOperationException($"The database cannot be used: {database.Message.TrimEnd('.')}. {Advice(database)}", error);
        }
    }

    private static string Advice(DbException fault) =>
        fault is not PostgresException answer
            ? $"Check that PostgreSQL runs and that Host, Port, Username and Password in {Setting} are right."
            : answer.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    $"Check Username and Password in {Setting}.",
                PostgresErrorCodes.InvalidCatalogName => $"Create the database, or check Database in {Setting}.",
                PostgresErrorCodes.InsufficientPrivilege =>
                    $"Run eventarchive db apply as the owner of the tables, or check Username in {Setting}.",
                PostgresErrorCodes.LockNotAvailable => "Another program holds a lock on the tables: end it, or try again.",
                _ => $"Check that PostgreSQL runs and that {Setting} is right.",
            };
}
