using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Testing;
using EventArchive.Tests.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

/// <summary>
/// What each fold makes of one history is written down with the fold's version: whoever changes a fold and forgets the version would leave old
/// documents, folded otherwise, in the tables.
/// </summary>
public sealed class FoldVersionsTests
{
    private const int Episodes = 400;
    private const string States = "Community";
    private const string Pinned = "tests/Unit/Projections/folds.txt";

    private static readonly IEvent[] Rare =
    [
        Member,
        Received(new(5), 1),
        Downloading(1),
        new DownloadParked(Id, Hash(1), Key(1)),
        ArchivesDownloaded(1, 2, 1, 2),
        Downloaded(1, 1),
        Importing(1, 1, 2),
        ArchivesImported(1, 1),
        Parked(1, 2),
        Imported(1),
        new HistoryGapFound(Id, [General], T0, T1, "No store node answered."),
        new HistoryGapFilled(Id, [General], T0, T1),
        Importing(1, 2),
        ArchivesImported(1, 2),
        Imported(1),
        Ignored(new(4), 2, IgnoredBecause.OlderClock),
        new ChannelsChanged(Id, [Offtopic], ChatIds: ["general"], DescriptionRevision: 3, PubsubTopic: new PubsubTopic(16, 64)),
    ];

    private static IReadOnlyList<IEvent> History
    {
        get
        {
            var random = new RandomHistory();
            return [.. Enumerable.Range(0, Episodes).SelectMany(random.Next), .. Rare];
        }
    }

    [Fact]
    public void A_fold_that_gives_other_documents_has_a_higher_version()
    {
        var events = Folded.Recorded(History);
        string[] lines =
        [
            .. LiveFold.All.Select(one => Line(one.Projection.Name, one.Projection.Version, one.Fold(events))),
            Line(States, CommunitySnapshots.FoldVersion, LiveFold.Documents(new CommunitySnapshots(), events)),
            Line(nameof(PendingWork), PendingWork.FoldVersion, Work(History)),
        ];

        lines.ShouldBe(
            File.ReadAllLines(Repository.File(Pinned)),
            $"A changed fold needs a higher Version (of the states and pending work: FoldVersion); then, or when only the history above changed, {Pinned} holds:\n"
                + string.Join('\n', lines)
        );
    }

    [Fact]
    public void The_history_has_every_event_because_the_fold_of_another_would_change_unseen() =>
        History.Select(e => StoredName.Of(e.GetType())).Distinct().ShouldBe(StoredName.All.Select(name => name.Key), ignoreOrder: true);

    /// <summary>What each event, by its place in the history, does to the rows.</summary>
    private static SortedDictionary<string, object> Work(IReadOnlyList<IEvent> history) =>
        new(
            history
                .Select((e, place) => (Rows: PendingWork.Apply(e), place))
                .ToDictionary(one => $"{one.place:d6}", object (one) => $"{string.Join(' ', one.Rows.Over.Order())} {one.Rows.Due}"),
            StringComparer.Ordinal
        );

    private static string Line(string name, uint version, SortedDictionary<string, object> documents)
    {
        documents.ShouldNotBeEmpty();
        var json = JsonSerializer.SerializeToNode(documents, EventJson.Options);
        // A state holds sets, which have another order in every process.
        var text = name == States ? Ordered(json)! : json!;
        return $"{name} {version} {Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(Encoding.UTF8.GetBytes(text.ToJsonString()))))}";
    }

    private static JsonNode? Ordered(JsonNode? node) =>
        node switch
        {
            JsonArray list => new JsonArray([
                .. list.Select(Ordered).OrderBy(one => one?.ToJsonString() ?? "null", StringComparer.Ordinal),
            ]),
            JsonObject members => new JsonObject(
                members
                    .OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Select(member => KeyValuePair.Create(member.Key, Ordered(member.Value)))
            ),
            _ => node?.DeepClone(),
        };
}
