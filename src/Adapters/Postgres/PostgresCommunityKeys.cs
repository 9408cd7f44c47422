using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The communities' private keys in <c>ea_community_keys</c>, encrypted by ASP.NET Core Data Protection, each under a purpose of its
/// own, so that no row can stand in for another's.
/// </summary>
/// <param name="communityOf">The community a private key belongs to; throws an ArgumentException for bytes that are no key.</param>
public sealed class PostgresCommunityKeys(
    NpgsqlDataSource source,
    IDataProtectionProvider protection,
    Func<ReadOnlyMemory<byte>, CommunityId> communityOf
) : ICommunityKeys
{
    public const string Purpose = "EventArchive.CommunityKeys";
    public const int PrivateKeyBytes = 32;

    /// <exception cref="ArgumentException">It is not this community's key.</exception>
    public async Task Import(CommunityId community, ReadOnlyMemory<byte> privateKey, CancellationToken cancellation)
    {
        if (privateKey.Length != PrivateKeyBytes)
            throw new ArgumentException($"A community's private key has {PrivateKeyBytes} bytes, not {privateKey.Length}.");
        var owner = communityOf(privateKey);
        if (owner != community)
            throw new ArgumentException(
                $"The private key belongs to community {owner}, not to {community}. Import the key of {community}."
            );
        var plain = privateKey.ToArray();
        byte[] sealedKey;
        try
        {
            sealedKey = Protector(community).Protect(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
        // What waits for the key is woken when it is committed; a notice that is lost costs one sweep.
        await using var command = source.CreateCommand(
            """
            with imported as (
                insert into ea_community_keys (community, protected) values ($1, $2)
                on conflict (community) do update set protected = excluded.protected
                returning community
            )
            select pg_notify('ea_work', community) from imported
            """
        );
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(new() { Value = sealedKey });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <exception cref="CryptographicException">The key ring that encrypted it is not here.</exception>
    public async Task<byte[]?> Find(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select protected from ea_community_keys where community = $1");
        command.Parameters.Add(new() { Value = community.ToString() });
        if (await command.ExecuteScalarAsync(cancellation) is not byte[] sealedKey)
            return null;
        try
        {
            return Protector(community).Unprotect(sealedKey);
        }
        catch (CryptographicException fault)
        {
            throw new CryptographicException(
                $"The private key of community {community} cannot be decrypted. Restore the data protection key ring that encrypted it, or import the key again.",
                fault
            );
        }
    }

    public async Task<bool> Exists(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select exists (select from ea_community_keys where community = $1)");
        command.Parameters.Add(new() { Value = community.ToString() });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    public async Task<IReadOnlyList<CommunityId>> List(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select community from ea_community_keys order by community");
        List<CommunityId> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(CommunityId.Parse(reader.GetString(0)));
        return found;
    }

    public async Task<bool> Forget(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("delete from ea_community_keys where community = $1");
        command.Parameters.Add(new() { Value = community.ToString() });
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    private IDataProtector Protector(CommunityId community) => protection.CreateProtector(Purpose, community.ToString());
}
