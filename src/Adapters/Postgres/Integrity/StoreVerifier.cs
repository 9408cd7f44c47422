using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Recomputes every event's hash from its row (docs/integrity.md). Reads one snapshot; appends go on meanwhile.</summary>
public sealed class StoreVerifier(NpgsqlDataSource source)
{
    /// <param name="streamId">Only this stream; null: all.</param>
    /// <param name="begin">Told how many events there are, before the walk.</param>
    /// <param name="progress">Told from time to time how many were looked at.</param>
    public async Task<VerifyReport> Verify(string? streamId, Action<long>? begin, IProgress<long>? progress, CancellationToken cancellation)
    {
        await using var snapshot = await StoreSnapshot.Open(source, cancellation);
        begin?.Invoke(await snapshot.CountEvents(streamId, cancellation));
        return await new StoreWalk(snapshot, []).Run(streamId, progress, cancellation);
    }
}
