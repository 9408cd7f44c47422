using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Shouldly;

namespace EventArchive.Tests.Contract;

/// <summary>
/// Writers that race on few streams, transactions that take numbers and are rolled back, and one by hand that keeps its numbers open for
/// longer than the daemon waits for a number without evidence that someone still has it.
/// </summary>
internal sealed class RacingWriters(TestNode node)
{
    private const int Writers = 16;
    private const int Streams = 8;
    private const int MaxBatch = 10;

    /// <summary>Marten's StaleSequenceThreshold is 3 s.</summary>
    private const int OpenSeconds = 6;

    private static readonly bool All = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1";
    private static readonly int Events = All ? 100_000 : 1500;
    private static readonly int Rollbacks = All ? 30 : 3;

    private readonly CommunityStore store = node.Services.GetRequiredService<CommunityStore>();
    private int written;
    private int conflicts;

    /// <summary>Returns when all is committed.</summary>
    /// <param name="furthest">The highest number that whoever is tested has got to.</param>
    public async Task Run(Func<long> furthest, CancellationToken cancellation)
    {
        for (var stream = 0; stream < Streams; stream++)
            await store.Store([new HistoryArchivesEnabled(Id(stream), ControlNode: true, PubsubTopic.Default, [])], cancellation);
        await Task.WhenAll([
            HoldOpen(furthest, cancellation),
            RollBack(cancellation),
            .. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(writer, cancellation), cancellation)),
        ]);
        conflicts.ShouldBeGreaterThan(0, "else nothing raced");
    }

    public static async Task<IReadOnlyList<long>> Stored(TestDatabase database, CancellationToken cancellation) =>
        [
            .. (await database.Rows("select seq_id from mt_events where type <> 'tombstone' order by seq_id", cancellation)).Select(
                long.Parse
            ),
        ];

    private static CommunityId Id(int stream) => CommunityId.Parse($"0x02{stream + 1:x64}");

    private async Task Write(int writer, CancellationToken cancellation)
    {
        var (id, random) = (Id(writer % Streams), new Random(writer));
        while (Volatile.Read(ref written) < Events)
        {
            var batch = random.Next(1, MaxBatch + 1);
            if (await store.Store([.. Enumerable.Range(0, batch).Select(n => Skipped(id, n))], cancellation) is null)
                Interlocked.Increment(ref conflicts);
            else
                Interlocked.Add(ref written, batch);
        }
    }

    private async Task RollBack(CancellationToken cancellation)
    {
        for (var n = 1; n <= Rollbacks; n++)
        {
            await WrittenAtLeast(Events * n / (Rollbacks + 1), cancellation);
            await using var connection = await node.Database.Source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var take = new NpgsqlCommand("select nextval('mt_events_sequence') from generate_series(1, 3)", connection);
            await take.ExecuteNonQueryAsync(cancellation);
            if (n % 2 == 0)
                await Insert(connection, await TakeNumber(connection, cancellation), Id(Streams + n), 1, cancellation);
            await transaction.RollbackAsync(cancellation);
        }
    }

    /// <summary>Takes two numbers, stores the second event at once and the first one at last.</summary>
    private async Task HoldOpen(Func<long> furthest, CancellationToken cancellation)
    {
        await WrittenAtLeast(Events / 3, cancellation);
        await using var connection = await node.Database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var patient = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0", connection);
        await patient.ExecuteNonQueryAsync(cancellation);
        var first = await TakeNumber(connection, cancellation);
        var second = await TakeNumber(connection, cancellation);
        await Insert(connection, second, Id(Streams), 2, cancellation);
        await node.Until(
            "the transaction has been open for longer than the daemon waits, and others have committed behind its numbers",
            () =>
                node.Database.Scalar<bool>(
                    $"select max(seq_id) > {second} and coalesce((select bool_and(xact_start < clock_timestamp() - interval '{OpenSeconds} s') "
                        + $"from pg_stat_activity where pid = {connection.ProcessID}), false) from mt_events",
                    cancellation
                )
        );
        furthest().ShouldBeLessThan(first, "its events can still come");
        await Insert(connection, first, Id(Streams), 1, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private Task WrittenAtLeast(int count, CancellationToken cancellation) =>
        EventArchive.Testing.Deadline.Until(
            $"{count} events are written",
            () => Volatile.Read(ref written) >= count,
            TimeSpan.FromMinutes(30),
            cancellation
        );

    private static async Task<long> TakeNumber(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var take = new NpgsqlCommand("select nextval('mt_events_sequence')", connection);
        return (long)(await take.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Insert(NpgsqlConnection connection, long seq, CommunityId id, long version, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(
            """
            with stream as (
                insert into mt_streams (id, version) values ($3, $4) on conflict (id) do update set version = greatest(mt_streams.version, $4)
            )
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
                values ($1, $2, $3, $4, $5, 'archive_skipped', clock_timestamp(), '')
            """,
            connection
        );
        insert.Parameters.Add(new() { Value = seq });
        insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        insert.Parameters.Add(new() { Value = Community.StreamId(id) });
        insert.Parameters.Add(new() { Value = version });
        insert.Parameters.Add(new() { Value = EventJson.Write(Skipped(id, (int)version)), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private static ArchiveSkipped Skipped(CommunityId id, int n) => new(id, (ulong)n, (ulong)n + 1);
}
