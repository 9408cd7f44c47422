using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace EventArchive.Tests.Contract;

/// <summary>The stores as a verb has them: no daemon, nothing in the background.</summary>
internal static class TestStores
{
    public static ServiceProvider Of(TestDatabase database)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        services.AddPostgres(_ => database.ConnectionString, _ => EventSamples.Community);
        return services.BuildServiceProvider();
    }

    public static async Task<CommandOutcome> Refuse(
        this CommunityStore store,
        CommunityId? community,
        Guid messageId,
        CancellationToken cancellation
    )
    {
        await using var work = await store.Begin(community, messageId, cancellation);
        return (await work.Commit(new Decision([], "Test", "test", Refusal: new Refusal("no", "Not now.")), cancellation))!;
    }
}
