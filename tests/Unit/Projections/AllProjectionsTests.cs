using System.Text.Json;
using EventArchive.EventStore;
using EventArchive.Projections;
using EventArchive.Tests.Projections;
using EventArchive.Tests.Unit.Domain;
using Marten;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class AllProjectionsTests
{
    private const int Seed = 7;
    private const int Steps = 300;

    public static TheoryData<string> Names => [.. AllProjections.List.Select(projection => projection.Name)];

    public static TheoryData<string, bool> Walks =>
        [.. AllProjections.List.SelectMany(projection => new[] { (projection.Name, true), (projection.Name, false) })];

    [Theory]
    [MemberData(nameof(Walks))]
    public void An_event_seen_twice_changes_nothing_because_a_node_that_was_paused_folds_some_again(string name, bool controlNode)
    {
        var fold = LiveFold.All.Single(one => one.Projection.Name == name).Fold;
        var walk = new CommunityWalk(new Random(Seed), controlNode);
        for (var step = 0; step < Steps; step++)
            walk.Step();
        var events = Folded.Recorded(walk.Events);
        var once = Text(fold(events));

        Text(fold([.. events.SelectMany(e => new[] { e, e })])).ShouldBe(once);
        Text(fold([.. events, .. events.TakeLast(50)])).ShouldBe(once);
        Text(fold([.. events.Take(100), .. events.Skip(50)])).ShouldBe(once);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_are_the_stream_or_begin_with_the_community_so_that_its_documents_are_one_range(string name)
    {
        var (projection, fold) = LiveFold.All.Single(one => one.Projection.Name == name);
        var (first, behind) = projection.RangeOf(Id);
        var ids = fold(Folded.Recorded([.. Announced(new(5)), .. Followed(new(6), 2)])).Keys;

        ids.ShouldAllBe(id => string.CompareOrdinal(id, first) >= 0 && string.CompareOrdinal(id, behind) < 0);
        if (projection.PerCommunity)
            ids.ShouldAllBe(id => id == Folded.Stream);
    }

    [Fact]
    public void Names_versions_and_tables_are_pinned_because_another_one_folds_everything_anew() =>
        AllProjections
            .List.Select(projection => $"{projection.Name} {projection.Shard} {projection.Table}")
            .ShouldBe([
                "MagnetlinkClocks MagnetlinkClocks:All mt_doc_magnetlink_clocks",
                "Communities Communities:All mt_doc_communities",
                "Archives Archives:All mt_doc_archives",
                "Seeding Seeding:All mt_doc_seeding",
                "Downloads Downloads:All mt_doc_downloads",
                "Timeline Timeline:All mt_doc_timeline",
                "Schedule Schedule:All mt_doc_schedule",
            ]);

    [Fact]
    public void A_store_has_their_documents_in_these_tables()
    {
        using IDocumentStore store = DocumentStore.For(options =>
        {
            options.Connection("Host=127.0.0.1;Database=nobody_asks_it");
            EventStoreSetup.Configure(options);
        });

        foreach (var projection in AllProjections.List)
            store.Options.Schema.For(projection.Document).ShouldBe($"public.{projection.Table}");
    }

    private static string Text(SortedDictionary<string, object> documents) => JsonSerializer.Serialize(documents, EventJson.Options);
}
