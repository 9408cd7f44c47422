using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Testing;
using EventArchive.Tests.Waku;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;

namespace EventArchive.Bench.Messages;

/// <summary>From the development node to committed rows: what waits at the relay, and what is fetched from the store.</summary>
internal sealed class RecordingBench(int rounds, int messages)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly CancellationToken None = CancellationToken.None;

    public async Task Run(Report report)
    {
        await using var server = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), None);
        var table = report.Table("Recording 1 KB messages from a node to PostgreSQL", "way", "messages", "messages/s", "lowest", "highest");
        foreach (var fromStore in new[] { false, true })
        {
            List<double> rates = [];
            for (var round = 0; round <= rounds; round++)
            {
                var seconds = await Once(server, fromStore);
                // The first warms up.
                if (round > 0)
                    rates.Add(messages / seconds);
                report.Progress($"recording {(fromStore ? "from the store" : "from the relay")}: {messages / seconds:F0}/s");
            }
            table.Row(
                fromStore ? "gap filled from the store, pages of 100" : "relay",
                $"{messages}",
                $"{Report.Median(rates):F0}",
                $"{rates.Min():F0}",
                $"{rates.Max():F0}"
            );
        }
    }

    private async Task<double> Once(PrivatePostgres server, bool fromStore)
    {
        await using var node = await WakuDevNode.Start(["--cache-capacity", "100000", "--store-capacity", "1000000"], logFile: null, None);
        await using var source = PostgresDataSource.Create(await server.CreateDatabase(None));
        await Database.Of(source).Apply(agreed: false, None);
        var options = new WakuOptions
        {
            Node = node.Rest,
            // The other way is closed: one recording is measured, not two.
            StoreNodes = fromStore ? [] : [new Uri($"http://127.0.0.1:{FreePort.Next()}")],
            PollInterval = TimeSpan.FromMilliseconds(50),
            RequestTimeout = TimeSpan.FromMinutes(1),
            Settle = TimeSpan.FromSeconds(1),
            GapCheck = TimeSpan.FromMilliseconds(200),
        };
        await Fill(new NwakuClient(WakuServices.NewHttpClient(), options, TimeProvider.System), fromStore);
        var store = new PostgresMessageStore(source, TimeProvider.System);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var hearing = HearingOf.Loops(
            HearingOf.Nodes(
                options,
                new WakuMetrics(services.GetRequiredService<IMeterFactory>()),
                () => [Chatter.Followed],
                (_, _) => Task.CompletedTask,
                store,
                new InMemoryCoverage()
            ),
            options
        );
        var begun = Stopwatch.GetTimestamp();
        await hearing.StartAsync(None);
        await Deadline.Until("all are recorded", async () => await store.Count(Chatter.Community, None) == messages, Limit, None);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await hearing.StopAsync(None);
        return seconds;
    }

    /// <summary>Said a while ago, so that all of it is settled; for the store's way nobody listens to the relay.</summary>
    private async Task Fill(NwakuClient client, bool fromStore)
    {
        await client.Subscribe([PubsubTopic.Default], None);
        var start = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(2);
        await Parallel.ForAsync(
            0,
            messages,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (number, token) =>
                await client.Publish(
                    PubsubTopic.Default,
                    Chatter.Says(RandomNumberGenerator.GetBytes(1024), start.AddMilliseconds(number)),
                    token
                )
        );
        if (fromStore)
            await client.Poll(PubsubTopic.Default, None);
    }
}
