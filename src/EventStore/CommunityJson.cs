using System.Text.Json;
using EventArchive.Domain;

namespace EventArchive.EventStore;

/// <summary>A folded state as JSON and back, exactly: what is read decides and folds on as what was written.</summary>
public static class CommunityJson
{
    public static string Write(Community community) => JsonSerializer.Serialize(community, EventJson.Options);

    /// <exception cref="JsonException">It is not a state that this program wrote.</exception>
    public static Community Read(string json) =>
        JsonSerializer.Deserialize<Community>(json, EventJson.Options) ?? throw new JsonException("A folded state is not null.");
}
