using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The key that signs heads, in <c>ea_signing_keys</c>, encrypted by ASP.NET Core Data Protection. Made when it is first needed.</summary>
public sealed class HeadSigningKey(NpgsqlDataSource source, IDataProtectionProvider protection)
{
    public const string Purpose = "EventArchive.SigningKeys";
    private const string Name = "heads";

    /// <exception cref="InvalidOperationException">The key ring that encrypted it is not here.</exception>
    public async Task<ECDsa> OpenOrCreate(CancellationToken cancellation)
    {
        if (await Find(cancellation) is { } found)
            return found;
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var plain = made.ExportPkcs8PrivateKey();
        await using var command = source.CreateCommand(
            "insert into ea_signing_keys (name, protected) values ($1, $2) on conflict (name) do nothing"
        );
        command.Parameters.Add(new() { Value = Name });
        command.Parameters.Add(new() { Value = Protector.Protect(plain) });
        CryptographicOperations.ZeroMemory(plain);
        await command.ExecuteNonQueryAsync(cancellation);
        // Another process may have been first: what stands in the table is the key.
        return (await Find(cancellation))!;
    }

    /// <summary>Null: nothing was ever signed here.</summary>
    /// <exception cref="InvalidOperationException">The key ring that encrypted it is not here.</exception>
    public async Task<ECDsa?> Find(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select protected from ea_signing_keys where name = $1");
        command.Parameters.Add(new() { Value = Name });
        if (await command.ExecuteScalarAsync(cancellation) is not byte[] sealedKey)
            return null;
        var key = ECDsa.Create();
        try
        {
            var plain = Protector.Unprotect(sealedKey);
            key.ImportPkcs8PrivateKey(plain, out _);
            CryptographicOperations.ZeroMemory(plain);
            return key;
        }
        catch (CryptographicException fault)
        {
            key.Dispose();
            throw new InvalidOperationException(
                "The signing key of heads cannot be decrypted. Restore the data protection key ring that encrypted it, or give --key to check without it.",
                fault
            );
        }
    }

    private IDataProtector Protector => protection.CreateProtector(Purpose, Name);
}
