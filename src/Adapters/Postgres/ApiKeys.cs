using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The keys in <c>ea_api_keys</c>: "ea_" and 32 random bytes in base64url. A key is told once, when it is made; its SHA-256 is kept.</summary>
public sealed class ApiKeys(NpgsqlDataSource source)
{
    public const string Prefix = "ea_";
    public const int MaxNameCharacters = 100;

    /// <summary>No key is longer; anything that is is not looked up.</summary>
    public const int MaxCharacters = 64;

    private const int SecretBytes = 32;

    /// <summary>Makes a key for whoever goes by this name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    public async Task<string> Create(string name, CancellationToken cancellation)
    {
        if (name.Length is 0 or > MaxNameCharacters || name.Any(char.IsControl))
            throw new ArgumentException(
                $"The name of an API key has 1 to {MaxNameCharacters} characters, none of them control characters."
            );
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        await using var command = source.CreateCommand(
            "insert into ea_api_keys (name, sha256) values ($1, $2) on conflict (name) do nothing"
        );
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = HashOf(key) });
        return await command.ExecuteNonQueryAsync(cancellation) == 1
            ? key
            : throw new ArgumentException($"There is an API key of the name {name} already: revoke it first, or take another name.");
    }

    /// <summary>Whose key it is; null: nobody's.</summary>
    public async Task<string?> Find(string key, CancellationToken cancellation)
    {
        if (key.Length > MaxCharacters || !key.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        await using var command = source.CreateCommand("select name from ea_api_keys where sha256 = $1");
        command.Parameters.Add(new() { Value = HashOf(key) });
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    public async Task<IReadOnlyList<ApiKey>> List(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select name, made_at from ea_api_keys order by name");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<ApiKey> keys = [];
        while (await reader.ReadAsync(cancellation))
            keys.Add(new ApiKey(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        return keys;
    }

    /// <summary>From now on the key is nobody's. False: there is none of this name.</summary>
    public async Task<bool> Revoke(string name, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("delete from ea_api_keys where name = $1");
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

public sealed record ApiKey(string Name, DateTimeOffset MadeAt);
