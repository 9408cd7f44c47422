using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EventArchive.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SubscriptionMetricsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gauges_say_where_each_subscription_stands_and_which_one_has_stopped()
    {
        var database = await postgres.Create(Cancel);
        await StoredHistory.Fill(database, Enumerable.Range(0, 20), Cancel);
        await database.Run("update mt_events set data = data - 'ControlNode' where seq_id = 2", Cancel);
        await using var node = await TestNode.Start(database, Cancel);
        var head = await database.Scalar<long>("select max(seq_id) from mt_events", Cancel);
        var values = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (
                instrument.Meter.Name == SubscriptionMetrics.MeterName
                && instrument.Meter.Scope == node.Services.GetRequiredService<IMeterFactory>()
            )
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => values[$"{instrument.Name} {tags[0].Value}"] = value);
        listener.Start();

        await node.Until(
            "the gauges show a stopped and a moving subscription",
            () =>
            {
                listener.RecordObservableInstruments();
                return Task.FromResult(
                    values.GetValueOrDefault($"{SubscriptionMetrics.Stopped} Timeline") == 1
                        && values.GetValueOrDefault($"{SubscriptionMetrics.Position} Downloads") == head
                );
            }
        );

        values[$"{SubscriptionMetrics.Position} Timeline"].ShouldBe(1);
        values[$"{SubscriptionMetrics.Behind} Timeline"].ShouldBe(head - 1);
        values[$"{SubscriptionMetrics.Stopped} Downloads"].ShouldBe(0);
        values[$"{SubscriptionMetrics.Behind} Downloads"].ShouldBe(0);
        values[$"{SubscriptionMetrics.LastMoved} Downloads"].ShouldBeGreaterThan(1_700_000_000);
    }
}
