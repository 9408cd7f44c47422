using System.Security.Cryptography;
using EventArchive.Model;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The symmetric keys of channels that are known by content topic alone, since those of the others follow from their chat ids. In
/// <c>ea_topic_keys</c>, encrypted by ASP.NET Core Data Protection, each under a purpose of its own, so that no row can stand in for another's.
/// </summary>
public sealed class TopicKeys(NpgsqlDataSource source, IDataProtectionProvider protection)
{
    public const string Purpose = "EventArchive.TopicKeys";

    /// <summary>Keeps a key; it takes the place of another one of the same channel.</summary>
    public async Task Import(CommunityId community, ContentTopic topic, byte[] key, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "insert into ea_topic_keys (community, content_topic, protected) values ($1, $2, $3) "
                + "on conflict (community, content_topic) do update set protected = excluded.protected"
        );
        AddName(command, community, topic);
        command.Parameters.Add(new() { Value = Protector(community, topic).Protect(key) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The keys of a community's channels.</summary>
    /// <exception cref="CryptographicException">The key ring that encrypted one is not here.</exception>
    public async Task<IReadOnlyDictionary<ContentTopic, byte[]>> Find(CommunityId community, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select content_topic, protected from ea_topic_keys where community = $1");
        command.Parameters.Add(new() { Value = community.ToString() });
        Dictionary<ContentTopic, byte[]> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var topic = ContentTopic.Parse(reader.GetString(0));
            try
            {
                found.Add(topic, Protector(community, topic).Unprotect(reader.GetFieldValue<byte[]>(1)));
            }
            catch (CryptographicException fault)
            {
                throw new CryptographicException(
                    $"The key of channel {topic} of community {community} cannot be decrypted. Restore the data protection key ring that encrypted it, or import the key again.",
                    fault
                );
            }
        }
        return found;
    }

    /// <summary>What is here, by community and topic. It tells no secret and needs no key ring.</summary>
    public async Task<IReadOnlyList<ListedTopicKey>> List(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select community, content_topic from ea_topic_keys order by community, content_topic"
        );
        List<ListedTopicKey> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(new(CommunityId.Parse(reader.GetString(0)), ContentTopic.Parse(reader.GetString(1))));
        return found;
    }

    /// <returns>False: it is not here.</returns>
    public async Task<bool> Forget(CommunityId community, ContentTopic topic, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("delete from ea_topic_keys where community = $1 and content_topic = $2");
        AddName(command, community, topic);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    private static void AddName(NpgsqlCommand command, CommunityId community, ContentTopic topic)
    {
        command.Parameters.Add(new() { Value = community.ToString() });
        command.Parameters.Add(new() { Value = topic.ToString() });
    }

    private IDataProtector Protector(CommunityId community, ContentTopic topic) =>
        protection.CreateProtector(Purpose, community.ToString(), topic.ToString());
}

public sealed record ListedTopicKey(CommunityId CommunityId, ContentTopic ContentTopic);
