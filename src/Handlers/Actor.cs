namespace EventArchive.Handlers;

/// <summary>The names of those who can ask for something.</summary>
public static class Actor
{
    /// <summary>A command from the bus: its sender has no name there.</summary>
    public const string Bus = "bus:unnamed";

    /// <summary>A node of this deployment: effects, the schedule, and what it received from the Waku network.</summary>
    public static string Node(string name) => $"node:{name}";

    /// <param name="keyName">The name of the API key; null: none is required.</param>
    public static string Http(string? keyName) => $"http:{keyName ?? "local"}";
}
