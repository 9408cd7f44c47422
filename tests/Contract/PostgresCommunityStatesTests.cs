using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class PostgresCommunityStatesTests(PostgresFixture postgres) : CommunityStatesContract
{
    private TestDatabase database = null!;

    protected override async Task<ICommunityStates> Create()
    {
        database = await postgres.Create(Cancel);
        return new PostgresCommunityStates(database.Source);
    }

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_state_comes_back_as_it_was_although_jsonb_sorts_its_keys()
    {
        var community = EventSamples.All.Aggregate(Community.Initial, Community.Evolve) with
        {
            HighestClock = new Clock(ulong.MaxValue),
            Seeders = Community.Initial.Seeders.Add("bb", null).Add("B", EventSamples.Peer).Add("a", null).Add("é", null),
        };
        await States.Save(new CommunityState(Stream, 7, CommunityLoader.Fold, CommunityJson.Write(community)), null, Cancel);

        var found = CommunityJson.Read((await States.Find(Stream, Cancel))!.Json);

        CommunityJson.Write(found).ShouldBe(CommunityJson.Write(community));
        found.Seeders.Keys.ShouldBe(["B", "a", "bb", "é"]);
    }

    [Fact]
    public async Task A_state_that_cannot_be_saved_fails_no_load_because_the_events_are_the_truth()
    {
        var store = new PostgresEventStore(database.Source, TimeProvider.System);
        IEvent enabled = new HistoryArchivesEnabled(EventSamples.Community, ControlNode: true, PubsubTopic.Default, []);
        IReadOnlyList<IEvent> events = [enabled, .. Enumerable.Range(1, 40).Select(EventSamples.Numbered)];
        var append = new Append(Community.StreamId(EventSamples.Community), 0, events, Guid.CreateVersion7(), "Test");
        await store.Append(append, Cancel);
        var loader = new CommunityLoader(store, States, NullLogger<CommunityLoader>.Instance);
        await database.Run("alter table ea_community_states add constraint nothing check (false)", Cancel);

        (await loader.Load(EventSamples.Community, Cancel)).Version.ShouldBe(41);
        (await database.Rows("select * from ea_community_states", Cancel)).ShouldBeEmpty();

        await database.Run("alter table ea_community_states drop constraint nothing", Cancel);
        (await loader.Load(EventSamples.Community, Cancel)).Version.ShouldBe(41);
        (await database.Rows("select stream_id, version from ea_community_states", Cancel)).ShouldBe([$"{append.StreamId}|41"]);
    }
}
