using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EventArchive.Events;
using EventArchive.EventStore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ProjectionMetricsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gauges_say_where_each_projection_stands_and_which_one_has_stopped()
    {
        var database = await postgres.Create(Cancel);
        await using (var services = TestStores.Of(database))
            await services
                .GetRequiredService<CommunityStore>()
                .Store(
                    [EventSamples.All.OfType<HistoryArchivesEnabled>().First(), EventSamples.Numbered(2), EventSamples.Numbered(3)],
                    Cancel
                );
        await database.Run("update mt_events set data = data - 'From' where seq_id = 2", Cancel);
        await using var node = await TestNode.Start(database, Cancel);
        var values = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (
                instrument.Meter.Name == "EventArchive.Projections"
                && instrument.Meter.Scope == node.Services.GetRequiredService<IMeterFactory>()
            )
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => values[$"{instrument.Name} {tags[0].Key}={tags[0].Value}"] = value
        );
        listener.Start();

        await node.Until(
            "the gauges show a stopped and a moving projection",
            () =>
            {
                listener.RecordObservableInstruments();
                return Task.FromResult(Of("stopped", "Timeline") == 1 && Of("position", "Downloads") == 3);
            }
        );

        Of("position", "Timeline").ShouldBeLessThan(2);
        Of("behind", "Timeline").ShouldBe(3 - Of("position", "Timeline"));
        (Of("stopped", "Downloads"), Of("behind", "Downloads")).ShouldBe((0, 0));
        Of("last_moved", "Downloads").ShouldBeGreaterThan(1_700_000_000);
        Of("stopped", "publish").ShouldBe(1);

        long Of(string gauge, string name) => values.GetValueOrDefault($"eventarchive.projection.{gauge} projection={name}", -1);
    }
}
