using System.Text.Json;
using System.Text.Json.Serialization;
using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using FluentValidation;
using MassTransit;

namespace EventArchive.Service;

/// <summary>
/// The way in for whoever has no connection to the bus: a command is put on it, its outcome and the events are read back.
/// </summary>
public static class HttpApi
{
    public const int MaxBodyBytes = 1024 * 1024;
    public const int MaxEventsPerPage = 1000;

    /// <summary>Field names in any case; an unknown field is a mistake, not something to pass over.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly Dictionary<string, Type> PublicCommands = BusEndpoints
        .CommandTypes.Where(type => !type.IsAssignableTo(typeof(IReport)))
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static void MapHttpApi(this WebApplication app)
    {
        app.MapPost("/commands/{name}", Send);
        app.MapGet("/commands/{messageId:guid}", Outcome);
        app.MapGet("/events", ReadEvents);
        app.MapGet("/communities/{id}", ReadCommunity);
    }

    private static async Task<IResult> Send(
        string name,
        HttpRequest request,
        IBus bus,
        IEnumerable<IValidator> validators,
        CancellationToken cancellation
    )
    {
        if (!PublicCommands.TryGetValue(name, out var type))
            return Results.Problem(
                $"There is no command {name}. There are: {string.Join(", ", PublicCommands.Keys.Order())}.",
                statusCode: 404
            );
        var messageId = Guid.CreateVersion7();
        if (request.Headers.TryGetValue("Idempotency-Key", out var key) && !Guid.TryParse(key.ToString(), out messageId))
            return Results.Problem("Idempotency-Key is a UUID.", statusCode: 400);
        ICommand command;
        try
        {
            command =
                (ICommand?)await JsonSerializer.DeserializeAsync(request.Body, type, Json, cancellation)
                ?? throw new JsonException($"The body is a {name} as a JSON object.");
        }
        catch (JsonException fault)
        {
            return Results.Problem($"The body is not a {name}: {fault.Message}", statusCode: 400);
        }
        var validation = validators.Single(one => one.CanValidateInstancesOfType(type)).Validate(new ValidationContext<object>(command));
        if (!validation.IsValid)
            return Results.ValidationProblem(validation.ToDictionary(), $"{name} is refused: {validation.ToString(" ")}");
        var endpoint = await bus.GetSendEndpoint(BusEndpoints.Commands);
        await endpoint.Send(command, type, context => context.MessageId = messageId, cancellation);
        return Results.Accepted($"/commands/{messageId}", new { messageId });
    }

    private static async Task<IResult> Outcome(Guid messageId, IEventStore store, CancellationToken cancellation) =>
        await store.FindOutcome(messageId, cancellation) is { } outcome
            ? Results.Json(outcome, Json)
            : Results.Problem("No command with this id has been handled yet.", statusCode: 404);

    private static async Task<IResult> ReadEvents(IEventStore store, CancellationToken cancellation, long after = 0, int limit = 100)
    {
        if (after < 0 || limit is < 1 or > MaxEventsPerPage)
            return Results.Problem($"after is 0 or more, limit is 1 to {MaxEventsPerPage}.", statusCode: 400);
        var events = await store.ReadAll(after, limit, cancellation);
        return Results.Json(
            events.Select(e => new
            {
                e.Seq,
                e.Id,
                Stream = e.StreamId,
                e.Version,
                Type = StoredName.Of(e.Event.GetType()),
                e.At,
                e.CorrelationId,
                e.CausationId,
                Data = (object)e.Event,
            }),
            Json
        );
    }

    private static async Task<IResult> ReadCommunity(string id, IEventStore store, IMessageStore messages, CancellationToken cancellation)
    {
        if (!CommunityId.TryParse(id, null, out var communityId))
            return Results.Problem("A community id is 0x and 66 hexadecimal digits.", statusCode: 400);
        var recorded = await store.ReadStream(Community.StreamId(communityId), 0, cancellation);
        if (recorded.Count == 0)
            return Results.Problem($"Community {communityId} is not known here.", statusCode: 404);
        var community = recorded.Aggregate(Community.Initial, (state, e) => Community.Evolve(state, e.Event));
        return Results.Json(
            new
            {
                CommunityId = communityId,
                recorded[^1].Version,
                community.ControlNode,
                community.PubsubTopic,
                community.ContentTopics,
                community.ArchivedUntil,
                community.Torrent,
                community.Seeders,
                community.HighestClock,
                Messages = await messages.Count(communityId, cancellation),
            },
            Json
        );
    }
}
