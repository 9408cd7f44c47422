using Npgsql;

namespace EventArchive.EventStore;

/// <summary>Marten's own connections. They prepare nothing by themselves: with it, its big pages fell to a third.</summary>
public sealed record EventStoreDataSource(NpgsqlDataSource Source) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
