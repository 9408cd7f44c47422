using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Signed heads in <c>ea_signed_heads</c>: what makes it visible that a stream was cut at its end or written anew with new hashes. Whoever can
/// write the table can remove heads from it, so outsiders should keep copies.
/// </summary>
public sealed class SignedHeads(NpgsqlDataSource source, HeadSigningKey signingKey)
{
    /// <summary>Signs the store as it stands. A store that has not changed since keeps its head.</summary>
    /// <exception cref="InvalidOperationException">The store is broken, or does not fit to its newest head: a signature would hide that.</exception>
    public async Task<SignedHead> Sign(Action<long>? begin, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var key = await signingKey.OpenOrCreate(cancellation);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        var before = (await List(newestOnly: true, cancellation)).SingleOrDefault();
        await using var snapshot = await StoreSnapshot.Open(source, cancellation);
        var (seq, time) = await snapshot.Newest(cancellation);
        var now = new HeadTally(seq);
        IReadOnlyList<SignedHead> old = before is null ? [] : [before];
        var report = await Check(snapshot, old, publicKey, [now], begin, progress, cancellation);
        if (report.Events.First is { } broken)
            throw new InvalidOperationException(
                $"The event with seq_id {broken.SeqId} (version {broken.Version} of {broken.StreamId}) does not fit: {broken.Reason} "
                    + "Nothing was signed. See eventarchive verify."
            );
        if (report.Heads.SelectMany(head => head.Faults).FirstOrDefault() is { } fault)
            throw new InvalidOperationException($"The head of seq_id {before!.Head.Seq} does not fit: {fault} Nothing was signed.");
        var head = new Head(seq, time, now.Events, now.Streams, now.Root);
        if (before?.Head == head)
            return before;
        var signed = SignedHead.Sign(head, key);
        await Keep(signed, cancellation);
        return signed;
    }

    /// <summary>Holds heads against the store as it stands.</summary>
    /// <param name="given">Null: all that are stored.</param>
    /// <param name="publicKey">The key that must have signed them, SubjectPublicKeyInfo; null: the one of this deployment.</param>
    /// <exception cref="InvalidOperationException">There is no head to check, or no key to check it with.</exception>
    public async Task<HeadReport> Check(
        SignedHead? given,
        byte[]? publicKey,
        Action<long>? begin,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        var heads = given is null ? await List(newestOnly: false, cancellation) : [given];
        if (heads.Count == 0)
            throw new InvalidOperationException("No head is stored here. Sign one with eventarchive heads sign, or give a file with one.");
        if (publicKey is null)
        {
            using var key =
                await signingKey.Find(cancellation)
                ?? throw new InvalidOperationException(
                    "This deployment has no signing key. Give the public key that signed the head with --key."
                );
            publicKey = key.ExportSubjectPublicKeyInfo();
        }
        await using var snapshot = await StoreSnapshot.Open(source, cancellation);
        return await Check(snapshot, heads, publicKey, [], begin, progress, cancellation);
    }

    private static async Task<HeadReport> Check(
        StoreSnapshot snapshot,
        IReadOnlyList<SignedHead> heads,
        byte[] publicKey,
        IReadOnlyList<HeadTally> more,
        Action<long>? begin,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        begin?.Invoke(await snapshot.CountEvents(streamId: null, cancellation));
        var tallies = heads.Select(head => head.Head.Seq).Distinct().Select(seq => new HeadTally(seq)).ToDictionary(tally => tally.Seq);
        HeadTally[] all = [.. tallies.Values.Concat(more).OrderBy(tally => tally.Seq)];
        var events = await new StoreWalk(snapshot, all).Run(streamId: null, progress, cancellation);
        List<HeadCheck> checks = [];
        foreach (var head in heads)
        {
            var time = await snapshot.TimeOf(head.Head.Seq, cancellation);
            var fits = head.IsSignedBy(publicKey);
            checks.Add(new(head.Head, [.. HeadFaults.Of(head.Head, fits, tallies[head.Head.Seq], time, events)]));
        }
        return new HeadReport(events, checks);
    }

    private async Task<List<SignedHead>> List(bool newestOnly, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"select document from ea_signed_heads order by number desc {(newestOnly ? "limit 1" : "")}"
        );
        List<SignedHead> heads = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            heads.Add(SignedHead.Parse(reader.GetString(0)));
        heads.Reverse();
        return heads;
    }

    private async Task Keep(SignedHead head, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("insert into ea_signed_heads (seq_id, document) values ($1, $2)");
        command.Parameters.Add(new() { Value = head.Head.Seq });
        command.Parameters.Add(new() { Value = head.Json });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
