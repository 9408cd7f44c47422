using System.Security.Cryptography;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;
using EventArchive.Tests.Unit.Handlers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Contract;

/// <summary>One row of pending work in memory; what its effect reports is in a real store.</summary>
public sealed class EffectWorkerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly WorkOptions Work = new() { RootDelay = TimeSpan.FromSeconds(10), MaxDelay = TimeSpan.FromMinutes(10) };
    private static readonly Guid CauseId = Guid.Parse("0196f0c2-5a3b-7c00-8000-1234567890ab");
    private static readonly Guid Line = Guid.Parse("0196f0c2-5a3b-7c00-8000-1234567890ff");
    private static readonly FailArchiveCreation Failed = new(Id, T0, T1, "no disk");

    private readonly CapturedLog log = new();
    private RecordedReports node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => node = await RecordedReports.Create(postgres, Cancellation, log);

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Theory]
    [InlineData(0, 10)]
    [InlineData(20, 10)]
    [InlineData(40, 10)]
    [InlineData(240, 60)]
    [InlineData(2400, 600)]
    [InlineData(864_000, 600)]
    public async Task What_waits_for_a_seeder_is_looked_at_after_a_quarter_of_its_wait_because_there_may_be_thousands(
        int waited,
        int seconds
    )
    {
        var given = await Perform((_, _) => throw new SeederAwaitedException("No seeder has confirmed."), since: Now.AddSeconds(-waited));

        given.ShouldBe(new GivenBack("Postpone", TimeSpan.FromSeconds(seconds), "No seeder has confirmed."));
    }

    [Fact]
    public async Task The_report_is_stored_with_its_cause_before_the_row_is_given_back_because_no_bus_lies_between()
    {
        await node.Happened(Enabled, Cutting());

        var given = await Perform((_, report) => report(Failed, "part"));

        given.ShouldBe(new GivenBack("Release", Work.ReportTimeout, null));
        var messageId = DerivedId.From(CauseId, "Cut:FailArchiveCreation:part");
        var stored = (await node.Stored(Cancellation)).ShouldHaveSingleItem();
        (stored.MessageId, stored.Refusal).ShouldBe((messageId, null));
        stored.Events.ShouldBe([new(new ArchiveCreationFailed(Id, T0, T1, "no disk"), "node:c", CauseId, Line, messageId)]);
        log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_effect_done_twice_reports_once_because_the_report_has_the_id_of_its_cause()
    {
        await node.Happened(Enabled, Cutting());

        await Perform((_, report) => report(Failed));
        await node.Happened(Cutting());
        await Perform((_, report) => report(Failed));

        (await node.Stored(Cancellation)).ShouldHaveSingleItem().Events.ShouldHaveSingleItem();
        (await node.Communities.Load(Id, Cancellation)).ShouldSatisfyAllConditions(
            loaded => loaded.Version.ShouldBe(4),
            loaded => loaded.Community.Cutting.ShouldNotBeNull("the second cut has not failed")
        );
    }

    [Fact]
    public async Task A_report_that_is_refused_is_logged_because_nobody_else_waits_for_it()
    {
        await Perform((_, report) => report(Failed));

        log.Lines.ShouldHaveSingleItem().ShouldContain("FailArchiveCreation");
        log.Lines[0].ShouldContain("unknown_community");
        (await node.Stored(Cancellation)).ShouldHaveSingleItem().Refusal.ShouldBe("unknown_community");
    }

    [Fact]
    public async Task A_report_that_cannot_be_stored_is_a_failed_try_because_the_effect_must_report_again()
    {
        await node.Happened(Enabled, Cutting());
        await using var nowhere = new TestDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        await using var away = TestStores.Of(nowhere);

        var given = await Perform((_, report) => report(Failed), reports: RecordedReports.Of(away));

        given.How.ShouldBe("Release");
        given.Reason.ShouldNotBeNull().ShouldContain("Failed to connect");
        given.Delay.ShouldBeLessThan(Work.ReportTimeout);
        (await node.Stored(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_of_a_community_whose_state_cannot_be_read_waits_with_the_reason_because_the_others_go_on()
    {
        await node.Happened(Enabled, Cutting());
        await node.SpoilStates(Cancellation);

        var given = await Perform((_, _) => Task.CompletedTask);

        given.ShouldSatisfyAllConditions(
            () => given.How.ShouldBe("Release"),
            () => given.Delay.ShouldBeLessThan(Work.ReportTimeout),
            () => given.Reason!.ShouldContain("run eventarchive db apply")
        );
    }

    [Fact]
    public async Task What_lacks_the_communitys_key_waits_for_it_at_once_or_for_a_while_when_it_cannot_be_decrypted()
    {
        (await Perform((_, _) => throw new CommunityKeyMissingException(Id))).ShouldSatisfyAllConditions(
            given => given.How.ShouldBe("AwaitCommunityKey"),
            given => given.Delay.ShouldBe(TimeSpan.Zero),
            given => given.Reason!.ShouldContain("keys import")
        );
        var unreadable = new CommunityKeyMissingException(Id, new CryptographicException("The key ring is not here."));
        (await Perform((_, _) => throw unreadable)).ShouldBe(
            new GivenBack("AwaitCommunityKey", Work.RootDelay, "The key ring is not here.")
        );
    }

    private async Task<GivenBack> Perform(Func<Community, Report, Task> perform, DateTimeOffset? since = null, NodeReports? reports = null)
    {
        var row = new OneRow(new PendingWork(Id, Effect.Cut, CauseId, since ?? Now, Attempts: 1, Fence: 1, Line));
        using var signals = new EffectSignals();
        using var worker = TestLoops.Of(
            new EffectWorker(
                [new Scripted(perform)],
                row,
                node.Communities,
                reports ?? node.Reports,
                signals,
                Options.Create(Work),
                Options.Create(new NodeOptions { Name = "c" }),
                new FixedTime(),
                NullLogger<EffectWorker>.Instance
            )
        );
        await worker.StartAsync(Cancellation);
        var given = await row.GivenBack.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        await worker.StopAsync(Cancellation);
        return given;
    }

    private sealed class Scripted(Func<Community, Report, Task> perform) : IEffect
    {
        public Effect Kind => Effect.Cut;

        public NodeRoles Role => NodeRoles.All;

        public Task Perform(Community community, Report report, CancellationToken cancellation) => perform(community, report);

        public IReport? GiveUp(Community community, string reason) => throw new NotSupportedException();
    }

    private sealed class CapturedLog : ILogger<NodeReports>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
