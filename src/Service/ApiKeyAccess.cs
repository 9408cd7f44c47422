using System.Net.Http.Headers;
using EventArchive.Handlers;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Sign-in: the header <c>Authorization: Bearer ea_…</c> with a key of <see cref="ApiKeys"/>.</summary>
public static partial class ApiKeyAccess
{
    private const string Caller = "caller";

    private static readonly PathString Live = "/health/live";

    /// <summary>With Http:RequireApiKey everything but the sign of life is for callers with a key.</summary>
    public static void UseApiKeys(this WebApplication app, HttpOptions options)
    {
        if (!options.RequireApiKey)
            return;
        app.Use(
            async (context, next) =>
            {
                if (context.Request.Path == Live || await IsKnown(context))
                    await next(context);
                else
                    await Refuse(context).ExecuteAsync(context);
            }
        );
    }

    /// <summary>Endpoints that are for callers with a key whatever the settings.</summary>
    public static RouteGroupBuilder ForCallersWithKey(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(
            async (invocation, next) => await IsKnown(invocation.HttpContext) ? await next(invocation) : Refuse(invocation.HttpContext)
        );

    /// <summary>Whose key came with the request.</summary>
    public static string CallerOf(HttpContext context) =>
        context.Items[Caller] as string ?? throw new InvalidOperationException("This endpoint is open to everybody: it knows no caller.");

    /// <summary>Who asks for what comes with the request.</summary>
    public static string ActorOf(HttpContext context) => Actor.Http(context.Items[Caller] as string);

    private static async Task<bool> IsKnown(HttpContext context)
    {
        if (!context.Items.ContainsKey(Caller))
            context.Items[Caller] = KeyOf(context.Request) is { } key
                ? await context.RequestServices.GetRequiredService<ApiKeys>().Find(key, context.RequestAborted)
                : null;
        return context.Items[Caller] is not null;
    }

    private static string? KeyOf(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
        && string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            ? header.Parameter
            : null;

    private static IResult Refuse(HttpContext context)
    {
        LogRefused(
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiKeyAccess)),
            context.Connection.RemoteIpAddress?.ToString() ?? ""
        );
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(
            "Send the header Authorization: Bearer with an API key; eventarchive apikeys create NAME makes one.",
            statusCode: StatusCodes.Status401Unauthorized
        );
    }

    [LoggerMessage(1231, LogLevel.Warning, "A request from {Address} came without an API key that is known here")]
    private static partial void LogRefused(ILogger log, string address);
}
