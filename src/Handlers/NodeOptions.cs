namespace EventArchive.Handlers;

/// <summary>Which node of the deployment this is.</summary>
public sealed class NodeOptions
{
    /// <summary>Unique in the deployment and kept over restarts: leases and seeders are told apart by it.</summary>
    public string Name { get; set; } = Environment.MachineName;
}
