using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Marten for commands: the same set-up on connections that prepare their few statements by themselves, and without a notification in the
/// transaction. Both together double the commands per second; the daemon's pages fell to a third on such connections.
/// </summary>
internal sealed class CommandStore(DocumentStore store) : IDisposable
{
    public IDocumentStore Store => store;

    public static CommandStore Of(IServiceProvider provider) =>
        new(
            Database.StoreOf(
                provider.GetRequiredService<NpgsqlDataSource>(),
                options => options.Events.UseListenNotifyForEventAppends = false
            )
        );

    public void Dispose() => store.Dispose();
}
