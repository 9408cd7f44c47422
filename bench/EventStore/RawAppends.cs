using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Bench.EventStore;

/// <summary>
/// What PostgreSQL can do with the same rows and as many connections: the stream row and the event rows in one prepared batch and one
/// transaction, the same columns filled, bodies ready beforehand, no lock, no inbox, no version check.
/// </summary>
internal sealed class RawAppends : IAsyncDisposable
{
    private readonly List<NpgsqlConnection> connections = [];
    private readonly List<NpgsqlBatch> batches = [];
    private readonly long[] counts;
    private readonly int eventsPerAppend;
    private readonly byte[][] bodies;
    private readonly string[] headers;
    private readonly string[] types;
    private readonly string[] dotnetTypes;

    private RawAppends(int writers, int eventsPerAppend)
    {
        this.eventsPerAppend = eventsPerAppend;
        counts = new long[writers];
        var @event = Sample.Event(Sample.Community(1), 1);
        bodies = [.. Enumerable.Range(0, eventsPerAppend).Select(n => EventJson.WriteBytes(Sample.Event(Sample.Community(1), n)))];
        headers = [.. Enumerable.Repeat($$"""{"hash":"{{new string('a', 64)}}","previous":"{{new string('b', 64)}}"}""", eventsPerAppend)];
        types = [.. Enumerable.Repeat(StoredName.Of(@event.GetType()), eventsPerAppend)];
        dotnetTypes = [.. Enumerable.Repeat("EventArchive.Events.MagnetlinkPublished, EventArchive.Events", eventsPerAppend)];
    }

    public static async Task<RawAppends> Open(NpgsqlDataSource source, int writers, int eventsPerAppend)
    {
        var raw = new RawAppends(writers, eventsPerAppend);
        for (var writer = 0; writer < writers; writer++)
        {
            var connection = await source.OpenConnectionAsync();
            raw.connections.Add(connection);
            raw.batches.Add(await raw.Prepare(connection));
        }
        return raw;
    }

    public async Task Write(int writer)
    {
        var turn = counts[writer]++;
        var stream = $"community-{Sample.Community((writer * Sample.StreamsOfEach) + (int)(turn % Sample.StreamsOfEach))}";
        var version = turn / Sample.StreamsOfEach * eventsPerAppend;
        var cause = Guid.CreateVersion7().ToString();
        var batch = batches[writer];
        var first = batch.BatchCommands[0].Parameters;
        ((NpgsqlParameter<string>)first[0]).TypedValue = stream;
        ((NpgsqlParameter<long>)first[1]).TypedValue = version + eventsPerAppend;
        var second = batch.BatchCommands[1].Parameters;
        ((NpgsqlParameter<string>)second[0]).TypedValue = stream;
        ((NpgsqlParameter<string>)second[1]).TypedValue = cause;
        if (eventsPerAppend == 1)
        {
            ((NpgsqlParameter<Guid>)second[2]).TypedValue = Guid.CreateVersion7();
            ((NpgsqlParameter<long>)second[3]).TypedValue = version + 1;
        }
        else
        {
            var ids = new Guid[eventsPerAppend];
            var versions = new long[eventsPerAppend];
            for (var at = 0; at < eventsPerAppend; at++)
                (ids[at], versions[at]) = (Guid.CreateVersion7(), version + at + 1);
            ((NpgsqlParameter<Guid[]>)second[2]).TypedValue = ids;
            ((NpgsqlParameter<long[]>)second[3]).TypedValue = versions;
        }
        await batch.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var batch in batches)
            await batch.DisposeAsync();
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private async Task<NpgsqlBatch> Prepare(NpgsqlConnection connection)
    {
        const string Columns =
            "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived";
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(
                    """
                    insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
                    values ($1, 'community', $2, clock_timestamp(), clock_timestamp(), '*DEFAULT*', false)
                    on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
                    """
                )
                {
                    Parameters = { new NpgsqlParameter<string>(), new NpgsqlParameter<long>() },
                },
                eventsPerAppend == 1
                    ? new NpgsqlBatchCommand(
                        $"insert into mt_events ({Columns}) values (nextval('mt_events_sequence'), $3, $1, $4, $5, $7, clock_timestamp(), "
                            + "'*DEFAULT*', $8, $2, $2, $6, false)"
                    )
                    {
                        Parameters =
                        {
                            new NpgsqlParameter<string>(),
                            new NpgsqlParameter<string>(),
                            new NpgsqlParameter<Guid>(),
                            new NpgsqlParameter<long>(),
                            new NpgsqlParameter<byte[]> { TypedValue = bodies[0], NpgsqlDbType = NpgsqlDbType.Jsonb },
                            new NpgsqlParameter<string> { TypedValue = headers[0], NpgsqlDbType = NpgsqlDbType.Jsonb },
                            new NpgsqlParameter<string> { TypedValue = types[0] },
                            new NpgsqlParameter<string> { TypedValue = dotnetTypes[0] },
                        },
                    }
                    : new NpgsqlBatchCommand(
                        $"insert into mt_events ({Columns}) select nextval('mt_events_sequence'), e.id, $1, e.version, e.data, e.type, "
                            + "clock_timestamp(), '*DEFAULT*', e.dotnet, $2, $2, e.headers, false "
                            + "from unnest($3, $4, $5, $6, $7, $8) e (id, version, data, headers, type, dotnet)"
                    )
                    {
                        Parameters =
                        {
                            new NpgsqlParameter<string>(),
                            new NpgsqlParameter<string>(),
                            new NpgsqlParameter<Guid[]>(),
                            new NpgsqlParameter<long[]>(),
                            new NpgsqlParameter<byte[][]> { TypedValue = bodies, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                            new NpgsqlParameter<string[]> { TypedValue = headers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                            new NpgsqlParameter<string[]> { TypedValue = types },
                            new NpgsqlParameter<string[]> { TypedValue = dotnetTypes },
                        },
                    },
            },
        };
        await batch.PrepareAsync();
        return batch;
    }
}
