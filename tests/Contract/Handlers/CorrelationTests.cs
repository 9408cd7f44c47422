using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class CorrelationTests(PostgresFixture postgres)
{
    private static readonly ArchiveCreationStarted Started = EventSamples.All.OfType<ArchiveCreationStarted>().First();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_report_leads_to_names_the_event_that_caused_it_and_belongs_to_the_line_of_the_producers_command()
    {
        var producers = Guid.CreateVersion7();
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        var communities = node.Services.GetRequiredService<CommunityStore>();
        await communities.Store([EventSamples.All.OfType<HistoryArchivesEnabled>().First()], Cancel);
        var cause = (await communities.Store([Started], Cancel, producers))!.EventIds.Single();
        using var signals = new EffectSignals();
        using var worker = TestLoops.Of(
            new EffectWorker(
                [new FailingCut()],
                node.Services.GetRequiredService<IPendingWork>(),
                communities,
                RecordedReports.Of(node.Services),
                signals,
                Options.Create(new WorkOptions()),
                Options.Create(new NodeOptions { Name = "c" }),
                TimeProvider.System,
                NullLogger<EffectWorker>.Instance
            )
        );

        await worker.StartAsync(Cancel);
        await node.Until("the report is stored", async () => (await communities.Load(EventSamples.Community, Cancel)).Version == 3);
        await worker.StopAsync(Cancel);

        var report = DerivedId.From(cause, "Cut:FailArchiveCreation:");
        (
            await node.Database.Rows(
                "select type, correlation_id, causation_id, headers ->> 'cause', headers ->> 'actor' from mt_events where version > 1 order by version",
                Cancel
            )
        ).ShouldBe([
            $"archive_creation_started|{producers}|{producers}||test",
            $"archive_creation_failed|{producers}|{report}|{cause}|node:c",
        ]);
        await node.CaughtUp();
        node.Published.Skip(1).ShouldAllBe(published => published.CorrelationId == producers, "the bus carries it on");
    }

    private sealed class FailingCut : IEffect
    {
        public Effect Kind => Effect.Cut;

        public NodeRoles Role => NodeRoles.All;

        public Task Perform(Community community, Report report, CancellationToken cancellation) =>
            report(new FailArchiveCreation(Started.CommunityId, Started.From, Started.To, "no disk"));

        public IReport? GiveUp(Community community, string reason) => throw new NotSupportedException();
    }
}
