using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The hash ratchet keys in <c>ea_ratchet_keys</c>, encrypted by ASP.NET Core Data Protection, each under a purpose of its own, so that no row can
/// stand in for another's.
/// </summary>
public sealed class PostgresRatchetKeys(NpgsqlDataSource source, IDataProtectionProvider protection) : IRatchetKeys
{
    public const string Purpose = "EventArchive.RatchetKeys";

    public async Task Import(RatchetKey key, uint seqNo, CancellationToken cancellation)
    {
        var secret = key.CopySecret();
        byte[] sealedKey;
        try
        {
            sealedKey = Protector(key.CommunityId, key.Id).Protect(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
        // Whoever waits for the key is told when it is committed; a notice that is lost costs one sweep.
        await using var command = source.CreateCommand(
            """
            with imported as (
                insert into ea_ratchet_keys as k (community, key_id, key_timestamp, protected, highest_seq_no) values ($1, $2, $3, $4, $5)
                on conflict (community, key_id) do update
                set protected = excluded.protected, highest_seq_no = greatest(k.highest_seq_no, excluded.highest_seq_no)
                returning key_id
            )
            select pg_notify('ea_work', key_id) from imported
            """
        );
        AddId(command, key.CommunityId, key.Id);
        command.Parameters.Add(new() { Value = checked((long)key.Timestamp) });
        command.Parameters.Add(new() { Value = sealedKey });
        command.Parameters.Add(new() { Value = (long)seqNo });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <exception cref="CryptographicException">The key ring that encrypted it is not here.</exception>
    public async Task<HeldRatchetKey?> Find(CommunityId community, RatchetKeyId id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"{Select} where community = $1 and key_id = $2");
        AddId(command, community, id);
        return await Read(command, community, cancellation);
    }

    /// <exception cref="CryptographicException">The key ring that encrypted it is not here.</exception>
    public async Task<HeldRatchetKey?> FindNewest(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"{Select} where community = $1 order by key_timestamp desc, key_id collate \"C\" desc limit 1"
        );
        command.Parameters.Add(new() { Value = community.ToString() });
        return await Read(command, community, cancellation);
    }

    public async Task Advance(CommunityId community, RatchetKeyId id, uint seqNo, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "update ea_ratchet_keys set highest_seq_no = $3 where community = $1 and key_id = $2 and highest_seq_no < $3"
        );
        AddId(command, community, id);
        command.Parameters.Add(new() { Value = (long)seqNo });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<ListedRatchetKey>> List(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select community, key_id, key_timestamp, highest_seq_no from ea_ratchet_keys order by community, key_timestamp, key_id collate \"C\""
        );
        List<ListedRatchetKey> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(
                new(
                    CommunityId.Parse(reader.GetString(0)),
                    RatchetKeyId.Parse(reader.GetString(1)),
                    (ulong)reader.GetInt64(2),
                    (uint)reader.GetInt64(3)
                )
            );
        return found;
    }

    public async Task<bool> Forget(CommunityId community, RatchetKeyId id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("delete from ea_ratchet_keys where community = $1 and key_id = $2");
        AddId(command, community, id);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    private const string Select = "select key_id, key_timestamp, protected, highest_seq_no from ea_ratchet_keys";

    private async Task<HeldRatchetKey?> Read(NpgsqlCommand command, CommunityId community, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var id = RatchetKeyId.Parse(reader.GetString(0));
        byte[] secret;
        try
        {
            secret = Protector(community, id).Unprotect(reader.GetFieldValue<byte[]>(2));
        }
        catch (CryptographicException fault)
        {
            throw new CryptographicException(
                $"The hash ratchet key {id} of community {community} cannot be decrypted. Restore the data protection key ring that encrypted it, or import the key again.",
                fault
            );
        }
        return new HeldRatchetKey(new RatchetKey(community, (ulong)reader.GetInt64(1), secret), (uint)reader.GetInt64(3));
    }

    private static void AddId(NpgsqlCommand command, CommunityId community, RatchetKeyId id)
    {
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(new() { Value = id.ToString() });
    }

    private IDataProtector Protector(CommunityId community, RatchetKeyId id) =>
        protection.CreateProtector(Purpose, community.ToString(), id.ToString());
}
