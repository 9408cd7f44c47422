using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SupersededEventTests(PostgresFixture postgres)
{
    private static readonly DownloadFailed Newest = new(EventSamples.Community, EventSamples.InfoHash, "disk full (28)");

    [Fact]
    public void A_superseded_form_is_brought_to_the_newest_over_all_between()
    {
        ISupersededEvent.Newest(new Oldest(EventSamples.Community, 28)).ShouldBe(Newest);
        ISupersededEvent.Newest(Newest).ShouldBeSameAs(Newest);
    }

    [Fact]
    public void Forms_that_lead_in_a_circle_are_an_error_because_the_reader_would_never_come_back() =>
        Should
            .Throw<InvalidOperationException>(() => ISupersededEvent.Newest(new Circle(EventSamples.Community)))
            .Message.ShouldContain("Circle");

    [Fact]
    public async Task A_superseded_form_is_not_appended_because_a_new_fact_has_the_new_form()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await postgres.Create(cancellation);
        await using var services = TestStores.Of(database);
        var store = services.GetRequiredService<CommunityStore>();

        var fault = await Should.ThrowAsync<ArgumentException>(() =>
            store.Store([Newest, new Middle(EventSamples.Community, "disk full", 28)], cancellation)
        );

        fault.Message.ShouldContain("Append DownloadFailed");
        (await database.Scalar<long>("select count(*) from mt_events", cancellation)).ShouldBe(0);
        (await database.Scalar<long>("select count(*) from mt_doc_outcome", cancellation)).ShouldBe(0);
    }

    private sealed record Oldest(CommunityId CommunityId, int Code) : ISupersededEvent
    {
        public IEvent Upcast() => new Middle(CommunityId, "disk full", Code);
    }

    private sealed record Middle(CommunityId CommunityId, string Text, int Code) : ISupersededEvent
    {
        public IEvent Upcast() => new DownloadFailed(CommunityId, EventSamples.InfoHash, $"{Text} ({Code})");
    }

    private sealed record Circle(CommunityId CommunityId) : ISupersededEvent
    {
        public IEvent Upcast() => this;
    }
}
