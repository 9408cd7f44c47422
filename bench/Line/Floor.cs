using System.Diagnostics;
using System.Security.Cryptography;
using EventArchive.Archives;
using EventArchive.Model;
using EventArchive.Waku;
using MassTransit;
using Npgsql;

namespace EventArchive.Bench.Line;

/// <summary>
/// What a line cannot avoid, each part measured alone: the commits of its five commands, the hops of the bus that lie on its way, the flushes of a
/// cut, one signature and two requests to the node. The counts are those of the code.
/// </summary>
internal sealed class Floor(NpgsqlDataSource source, Uri rabbitMq, Uri waku, string folder, int rounds)
{
    /// <summary>CreateArchive, CompleteArchive, ConfirmSeeding, PrepareAnnouncement, ConfirmAnnouncement.</summary>
    private const int Commits = 5;

    /// <summary>CreateArchive in; ArchiveCreationStarted, ArchiveCreated, AnnouncementRequested, AnnouncementPrepared start effects; MagnetlinkPublished out.</summary>
    private const int Hops = 6;

    /// <summary>data, index, ID.torrent and the folders that name them.</summary>
    private const int Flushes = 8;
    private const int Requests = 2;

    private static readonly CancellationToken None = CancellationToken.None;

    public async Task<double> Measure(BenchTable table)
    {
        var sum = 0.0;
        Add("commit of one row", Commits, await Median(Commit));
        Add("hop over RabbitMQ, confirmed", Hops, await Hop());
        Add("flush of a small file", Flushes, await Median(Flush));
        Add("signature", 1, await Median(Sign));
        var http = new HttpClient();
        Add("request to the Waku node", Requests, await Median(() => http.GetAsync(new Uri(waku, "/health"), None)));
        table.Row("sum", "", "", $"{sum:F1}");
        return sum;

        void Add(string part, int count, double milliseconds)
        {
            sum += count * milliseconds;
            table.Row(part, $"{count}", $"{milliseconds:F2}", $"{count * milliseconds:F1}");
        }
    }

    private async Task<double> Median(Func<Task> act)
    {
        List<double> times = [];
        for (var round = 0; round < rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await act();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return Report.Median(times);
    }

    private async Task Commit()
    {
        await using var command = source.CreateCommand("insert into bench_floor (text) values ($1)");
        command.Parameters.Add(new() { Value = new string('x', 500) });
        await command.ExecuteNonQueryAsync(None);
    }

    private Task Flush()
    {
        var path = Path.Combine(folder, "flush");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, new byte[4096], 0);
        Disk.Sync(file);
        return Task.CompletedTask;
    }

    private Task Sign()
    {
        var key = SHA256.HashData("bench"u8);
        new MagnetlinkMessages().Sign(key, new Clock(1), Magnetlink.Of(InfoHash.Parse(new string('a', 40)), CommunityKey.IdOf(key), []));
        return Task.CompletedTask;
    }

    private async Task<double> Hop()
    {
        var arrived = new TaskCompletionSource();
        var bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(configuration =>
        {
            configuration.Host(rabbitMq);
            configuration.ReceiveEndpoint(
                "bench-floor",
                endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.Handler<Ping>(_ =>
                    {
                        arrived.TrySetResult();
                        return Task.CompletedTask;
                    });
                }
            );
        });
        await bus.StartAsync(None);
        var median = await Median(async () =>
        {
            arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await bus.Publish(new Ping(1), None);
            await arrived.Task;
        });
        await bus.StopAsync(None);
        return median;
    }

    internal sealed record Ping(int Number);
}
