using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>
/// A request at <c>/keys</c>, with the way in and the way out that all kinds of keys share: in as JSON or as a keystore file with its password,
/// out only as a keystore file under a password of the caller's.
/// </summary>
public sealed record KeyCall(HttpRequest Request, ILoggerFactory Logs, CancellationToken Cancellation)
{
    /// <summary>Of a password that encrypts a file which leaves the service.</summary>
    public const int MinPasswordCharacters = 8;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    public ILogger Log => Logs.CreateLogger(typeof(KeysApi));

    public string Caller => ApiKeyAccess.CallerOf(Request.HttpContext);

    /// <param name="form">The JSON that is expected, for whoever sends another.</param>
    /// <param name="read">Throws <see cref="FormatException"/> with a reason that may be told.</param>
    /// <param name="keep">Gives the answer.</param>
    public async Task<IResult> Import<TBody, TKeys>(string form, Func<TBody, TKeys> read, Func<TKeys, Task<object>> keep)
        where TBody : KeyBody
    {
        if (await Read<TBody>() is not { } body || body.IsInClear() == body.Keystore is not null)
            return Results.Problem($"The body is JSON: {form}.", statusCode: 400);
        TKeys keys;
        try
        {
            keys = read(body);
        }
        catch (FormatException fault)
        {
            return Results.Problem(fault.Message, statusCode: 400);
        }
        return Results.Json(await keep(keys), HttpApi.Json);
    }

    /// <param name="find">In clear; null: it is not here.</param>
    public async Task<IResult> Export(Func<Task<byte[]?>> find, IResult notHere, Action audit)
    {
        if (await Read<PasswordBody>() is not { Password: { Length: >= MinPasswordCharacters } password })
            return Results.Problem(
                $$"""The body is JSON: {"password":"…"}, with at least {{MinPasswordCharacters}} characters; the file is encrypted with it.""",
                statusCode: 400
            );
        if (await find() is not { } secret)
            return notHere;
        var file = KeystoreFile.Write(secret, password);
        CryptographicOperations.ZeroMemory(secret);
        audit();
        return Results.Bytes(file, "application/json");
    }

    /// <summary>Null: it is not JSON of this shape. What was read is not repeated.</summary>
    private async Task<T?> Read<T>()
        where T : class
    {
        // For JSON a page in a browser has to ask first.
        if (!Request.HasJsonContentType())
            return null;
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(Request.Body, Json, Cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record PasswordBody(string? Password = null);
}

/// <summary>Brings keys in clear, or a keystore file and its password; never both.</summary>
public abstract record KeyBody(JsonElement? Keystore, string? Password)
{
    public abstract bool IsInClear();

    public byte[] KeystoreBytes() => JsonSerializer.SerializeToUtf8Bytes(Keystore);
}
