using System.Globalization;
using System.Text.Json;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>What happened, for whoever reads: the events, and a community as it stands or stood.</summary>
public static class HistoryApi
{
    public const int MaxEventsPerPage = 1000;

    private const string MomentForm = "a time like 2026-05-01T00:00:00Z";

    public static void MapHistoryApi(this WebApplication app)
    {
        app.MapGet("/events", ReadEvents);
        app.MapGet("/communities/{id}", ReadCommunity);
    }

    private static async Task<IResult> ReadEvents(
        EventReader store,
        CancellationToken cancellation,
        string after = "0",
        string limit = "100",
        string? community = null,
        string? type = null,
        string? from = null,
        string? before = null
    )
    {
        if (!long.TryParse(after, out var seq) || seq < 0 || !int.TryParse(limit, out var count) || count is < 1 or > MaxEventsPerPage)
            return Refuse($"after is a whole number, 0 or more; limit is 1 to {MaxEventsPerPage}.");
        CommunityId? id = null;
        if (community is not null && !CommunityId.TryParse(community, null, out id))
            return Refuse("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.");
        if (type is not null && StoredName.TypeOf(type) is null)
            return Refuse(
                $"There is no event type '{type}'. There are: {string.Join(", ", StoredName.All.Select(one => one.Key).Order())}."
            );
        if (!TryMoment(from, out var first) || !TryMoment(before, out var end))
            return Refuse($"from and before are each {MomentForm}.");
        var query = new EventQuery(
            AfterSeq: seq,
            StreamId: id is null ? null : Community.StreamId(id),
            From: first,
            Before: end,
            Types: type is null ? null : [type]
        );
        var events = await store.ReadStored(query, cancellation).Take(count).ToListAsync(cancellation);
        return Results.Json(events.Select(ToJson), HttpApi.Json);
    }

    /// <summary>The body of a skipped event is given as it is stored: nobody may be able to read it.</summary>
    private static object ToJson(StoredEvent e) =>
        new
        {
            e.Seq,
            e.Id,
            Stream = e.StreamId,
            e.Version,
            e.Type,
            e.At,
            e.CorrelationId,
            e.CausationId,
            e.Hash,
            e.Actor,
            e.Skipped,
            Data = e.Skipped ? JsonSerializer.Deserialize<JsonElement>(e.Json) : (object)e.ToRecorded().Event,
        };

    private static async Task<IResult> ReadCommunity(
        string id,
        CommunityStore communities,
        EventReader store,
        IMessageStore messages,
        CancellationToken cancellation,
        string? version = null,
        string? at = null
    )
    {
        if (!CommunityId.TryParse(id, null, out var communityId))
            return Refuse("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.");
        var upTo = 0L;
        if (version is not null && (!long.TryParse(version, out upTo) || upTo < 1))
            return Refuse("version is a whole number, 1 or more.");
        if (!TryMoment(at, out var moment))
            return Refuse($"at is {MomentForm}.");
        var now = version is null && at is null;
        var (community, found) = now
            ? await communities.Load(communityId, cancellation)
            : await AsOf(communityId, version is null ? null : upTo, moment, store, cancellation);
        if (found == 0)
            return Results.Problem($"Community {communityId} is not known here{(now ? "" : ", or was not yet then")}.", statusCode: 404);
        return Results.Json(
            new
            {
                CommunityId = communityId,
                Version = found,
                community.ControlNode,
                community.PubsubTopic,
                community.ContentTopics,
                community.ArchivedUntil,
                community.Torrent,
                community.Seeders,
                community.HighestClock,
                // As far as is known here: windows of time of which archives may lack messages.
                community.Gaps,
                // Messages are no events: what was recorded at an earlier moment is not known.
                Messages = now ? await messages.Count(communityId, cancellation) : (long?)null,
            },
            HttpApi.Json
        );
    }

    private static async Task<LoadedCommunity> AsOf(
        CommunityId id,
        long? version,
        DateTimeOffset? at,
        EventReader store,
        CancellationToken cancellation
    )
    {
        // The store's times have microseconds: what was stored at the very moment is part of it.
        var query = new EventQuery(StreamId: Community.StreamId(id), UpToVersion: version, Before: at?.AddMicroseconds(1));
        var (community, found) = (Community.Initial, 0L);
        await foreach (var recorded in store.Read(query, cancellation))
            (community, found) = (Community.Evolve(community, recorded.Event), recorded.Version);
        return new LoadedCommunity(community, found);
    }

    private static IResult Refuse(string reason) => Results.Problem(reason, statusCode: StatusCodes.Status400BadRequest);

    private static bool TryMoment(string? text, out DateTimeOffset? moment)
    {
        moment = null;
        if (text is null)
            return true;
        var read = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed);
        // One microsecond is added to it.
        moment = parsed < DateTimeOffset.MaxValue.AddDays(-1) ? parsed : DateTimeOffset.MaxValue.AddDays(-1);
        return read;
    }
}
