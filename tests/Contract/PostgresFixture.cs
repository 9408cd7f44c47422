using EventArchive.Postgres;
using EventArchive.Testing;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(EventArchive.Tests.Contract.PostgresFixture))]

namespace EventArchive.Tests.Contract;

/// <summary>One PostgreSQL cluster for all tests of the assembly, a database of its own for each.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PrivatePostgres? server;

    public async ValueTask InitializeAsync() =>
        server = await PrivatePostgres.Start(new PostgresSettings(Durable: false), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>An empty database, without our schema.</summary>
    public Task<string> CreateEmpty(CancellationToken cancellation) => server!.CreateDatabase(cancellation);

    /// <summary>A database with our schema.</summary>
    public async Task<TestDatabase> Create(CancellationToken cancellation)
    {
        var database = new TestDatabase(await CreateEmpty(cancellation), drop: true);
        await Database.Of(database.Source).Apply(agreed: false, cancellation);
        return database;
    }
}
