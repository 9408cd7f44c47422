using System.Text.Json;
using System.Text.Json.Nodes;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class CommunityJsonTests
{
    private const int Seeds = 40;
    private const int Steps = 200;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_state_of_random_histories_comes_back_exactly(bool controlNode)
    {
        HashSet<string> filled = [];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var state = Community.Initial;
            foreach (var @event in History(seed, controlNode, Steps))
            {
                state = Community.Evolve(state, @event);
                var text = StateText.Of(state);
                StateText.Of(CommunityJson.Read(CommunityJson.Write(state))).ShouldBe(text, $"seed {seed}");
                filled.UnionWith(text.Except(StateText.Of(Community.Initial)).Select(line => line.Split(' ')[0]));
            }
        }
        // A property that no history ever filled was not tested.
        string[] neverHere = controlNode
            ? []
            :
            [
                "ControlNode",
                "ArchivedUntil",
                "ClosedWindows",
                "TakenMessages",
                "Cutting",
                "Requested",
                "Announcing",
                "LastAnnounced",
                "LastClock",
            ];
        filled.ShouldBe(
            typeof(Community)
                .GetProperties()
                .Where(p => p.GetMethod!.IsPublic && !p.GetMethod.IsStatic)
                .Select(p => p.Name)
                .Except(neverHere),
            ignoreOrder: true
        );
    }

    [Fact]
    public void Folding_on_from_the_row_equals_folding_from_the_start_for_every_prefix_of_a_history()
    {
        for (var seed = 100; seed < 106; seed++)
        {
            var history = History(seed, controlNode: seed % 2 == 0, Steps);
            var whole = StateText.Of(history.Aggregate(Community.Initial, Community.Evolve));
            history.Count.ShouldBeGreaterThan(30);
            for (var saved = 0; saved <= history.Count; saved++)
            {
                var row = CommunityJson.Write(history.Take(saved).Aggregate(Community.Initial, Community.Evolve));
                StateText
                    .Of(history.Skip(saved).Aggregate(CommunityJson.Read(row), Community.Evolve))
                    .ShouldBe(whole, $"seed {seed}, saved at {saved}");
            }
        }
    }

    [Fact]
    public void A_set_finds_what_was_in_it_and_seeders_stand_in_ordinal_order_whatever_the_order_of_the_json()
    {
        var parked = new ParkedArchive(Sample.Archive(2), Sample.Key(1));
        var state = Community.Initial with
        {
            HighestClock = new Clock(ulong.MaxValue),
            Parked = [parked],
            ToImport = [Sample.Archive(1)],
            Seeders = Community.Initial.Seeders.Add("b", Sample.Peer(1)).Add("B", null),
        };

        var read = CommunityJson.Read(CommunityJson.Write(state));

        read.HighestClock.ShouldBe(new Clock(ulong.MaxValue));
        read.Parked.ShouldContain(parked with { });
        read.ToImport.ShouldContain(Sample.Archive(1));
        read.Seeders.Keys.ShouldBe(["B", "b"]);
        read.Seeders.Add("a", null).Add("C", null).Keys.ShouldBe(["B", "C", "a", "b"]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"ControlNode\":true}")]
    [InlineData("not json")]
    public void What_is_no_state_is_not_taken_for_an_empty_one(string json) => Should.Throw<JsonException>(() => CommunityJson.Read(json));

    [Fact]
    public void A_state_of_another_fold_is_not_taken_because_what_it_lacks_or_has_beside_would_be_lost_with_the_next_command()
    {
        var names = JsonNode.Parse(CommunityJson.Write(Community.Initial))!.AsObject().Select(field => field.Key).ToList();
        foreach (var name in names)
            Refused(json => json.Remove(name));
        Refused(json => json["Imported"] = new JsonArray("0x01"));
        Refused(json => json["Seeders"] = null);
        Refused(json => json["HighestClock"] = "1");
        Refused(json => json["Id"] = "0x02");
        names.Count.ShouldBe(
            typeof(Community).GetProperties().Count(property => !property.GetMethod!.IsStatic && property.GetMethod.IsPublic)
        );

        static void Refused(Action<JsonObject> damage)
        {
            var json = JsonNode.Parse(CommunityJson.Write(Community.Initial))!.AsObject();
            damage(json);
            Should.Throw<JsonException>(() => CommunityJson.Read(json.ToJsonString()));
        }
    }

    internal static IReadOnlyList<IEvent> History(int seed, bool controlNode, int steps)
    {
        var walk = new CommunityWalk(new Random(seed), controlNode);
        for (var step = 0; step < steps; step++)
            walk.Step();
        // Commands of the walk leave the shard at its default, which would hide that it is lost.
        return
        [
            .. walk.Events.Select(e => e is HistoryArchivesEnabled enabled ? enabled with { PubsubTopic = new PubsubTopic(16, 128) } : e),
        ];
    }
}
