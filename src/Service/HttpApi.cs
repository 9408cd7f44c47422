using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Commands;
using EventArchive.EventStore;
using EventArchive.Handlers;
using FluentValidation;

namespace EventArchive.Service;

/// <summary>Commands without a bus: each is handled in process, and its outcome is stored before it is answered.</summary>
public static class HttpApi
{
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>How answers are written.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void MapHttpApi(this WebApplication app)
    {
        app.MapPost("/commands/{name}", Send);
        app.MapGet("/commands/{messageId}", Outcome);
    }

    private static async Task<IResult> Send(
        string name,
        HttpRequest request,
        CommandHandler handler,
        IEnumerable<IValidator> validators,
        CancellationToken cancellation
    )
    {
        if (CommandReader.Find(name) is not { } type)
            return Results.Problem($"There is no command {name}. There are: {string.Join(", ", CommandReader.Names)}.", statusCode: 404);
        // Any page in a browser may send a form or plain text to an address on this machine; for JSON it has to ask first.
        if (!request.HasJsonContentType())
            return Results.Problem("A command is sent with the header Content-Type: application/json.", statusCode: 415);
        var messageId = Guid.CreateVersion7();
        if (
            request.Headers.TryGetValue("Idempotency-Key", out var key)
            && (!Guid.TryParseExact(key.ToString(), "D", out messageId) || messageId == Guid.Empty)
        )
            return Results.Problem("Idempotency-Key is a UUID, for example 0196f0c2-5a3b-7c00-8000-1234567890ab.", statusCode: 400);
        var (body, refused) = await ReadBody(request, cancellation);
        if (refused is not null)
            return refused;
        var (command, faults) = CommandReader.Read(type, body);
        if (command is null)
            return Invalid(name, faults);
        var validation = validators.Single(one => one.CanValidateInstancesOfType(type)).Validate(new ValidationContext<object>(command));
        if (!validation.IsValid)
            return Invalid(name, validation.ToDictionary());
        return await Handle(handler, command, new Cause(messageId, ApiKeyAccess.ActorOf(request.HttpContext)), cancellation);
    }

    private static async Task<IResult> Handle(CommandHandler handler, ICommand command, Cause cause, CancellationToken cancellation)
    {
        try
        {
            var outcome = await handler.Handle(command, cause, cancellation);
            return Results.Accepted($"/commands/{cause.MessageId}", outcome);
        }
        catch (Exception away) when (away is DbException or TimeoutException or IOException)
        {
            // Whether it was stored is not known: with the same key it happens once.
            return Results.Problem(
                $"The outcome could not be stored: {away.Message.TrimEnd('.')}. Send the command again with the header Idempotency-Key: {cause.MessageId}.",
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        }
        catch (Exception broken) when (broken is CryptographicException or UnusableCommunityException)
        {
            return Results.Problem(broken.Message, statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static async Task<(byte[] Body, IResult? Refused)> ReadBody(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellation);
            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException fault)
        {
            var reason =
                fault.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"A command has at most {MaxBodyBytes} bytes." : fault.Message;
            return ([], Results.Problem(reason, statusCode: fault.StatusCode));
        }
    }

    /// <summary>Fields are named as they are written in JSON.</summary>
    private static IResult Invalid(string name, IDictionary<string, string[]> faults) =>
        Results.ValidationProblem(
            faults.Select(fault => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(fault.Key), fault.Value)),
            $"{name} is refused: {string.Join(' ', faults.Values.SelectMany(reasons => reasons))}"
        );

    private static async Task<IResult> Outcome(string messageId, CommunityStore store, CancellationToken cancellation)
    {
        if (!Guid.TryParse(messageId, out var id))
            return Results.Problem("A message id is a UUID, as sending the command answered it.", statusCode: 400);
        return await store.FindOutcome(id, cancellation) is { } outcome
            ? Results.Json(outcome, Json)
            : Results.Problem("No command with this id has been handled yet.", statusCode: 404);
    }
}
