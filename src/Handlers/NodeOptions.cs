namespace EventArchive.Handlers;

/// <summary>Which node of the deployment this is, and what it does there.</summary>
public sealed class NodeOptions
{
    /// <summary>The name is part of a queue's name.</summary>
    public const int MaxNameCharacters = 100;

    /// <summary>Unique in the deployment and kept over restarts: leases, seeders and queues are told apart by it. Letters, digits, dot, hyphen, underscore.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Several are separated by commas. Some node of the deployment must have each.</summary>
    public NodeRoles Roles { get; set; } = NodeRoles.All;

    /// <summary>How often a seeder looks through the projection for what no message told it to seed.</summary>
    public TimeSpan SeedSweep { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Communities whose torrents a seeder fetches or begins to seed at a time.</summary>
    public int SeedConcurrency { get; set; } = 4;

    /// <summary>Torrents that are checked and served again at a time when the node starts, or its archive root comes back.</summary>
    public int ResumeConcurrency { get; set; } = 8;

    /// <summary>The queue of a node that stays away for this long is deleted by the broker. It holds nothing that the node will miss.</summary>
    public TimeSpan QueueExpiry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often this node tells the others what it serves and to how many.</summary>
    public TimeSpan TellInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A node that has told nothing for this long is shown as away, and what it said that it serves does not count.</summary>
    public TimeSpan AwayAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A node that stays away for this long is retired by the others: its rows go, and its queue and exchange at the broker. Zero: never.</summary>
    public TimeSpan RetireAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a torrent may wait for its first seeder, or be served by nobody, before health says so.</summary>
    public TimeSpan SeederLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether this node has any of the roles.</summary>
    public bool Has(NodeRoles role) => (Roles & role) != 0;

    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return "Node:Name is empty: give each node of the deployment a name of its own.";
        else if (
            Name.Length > MaxNameCharacters
            || Name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))
        )
            yield return $"Node:Name is '{Name}': it has letters, digits, dots, hyphens and underscores, at most {MaxNameCharacters}.";
        if (Roles == 0 || (Roles & ~NodeRoles.All) != 0)
            yield return "Node:Roles names at least one of Api, Archiver, Seeder, Announcer and Importer, for example Seeder or Archiver,Announcer.";
        if (SeedSweep <= TimeSpan.Zero || TellInterval <= TimeSpan.Zero || QueueExpiry < TimeSpan.FromSeconds(1))
            yield return "Node: SeedSweep and TellInterval are longer than nothing, and QueueExpiry is at least a second.";
        if (AwayAfter <= TellInterval || SeederLimit <= TimeSpan.Zero)
            yield return "Node: AwayAfter is longer than TellInterval, and SeederLimit longer than nothing.";
        if (RetireAfter != TimeSpan.Zero && RetireAfter <= AwayAfter)
            yield return "Node:RetireAfter is longer than AwayAfter, for example 30.00:00:00, or 00:00:00 for never.";
        if (SeedConcurrency < 1 || ResumeConcurrency < 1)
            yield return "Node: SeedConcurrency and ResumeConcurrency are at least 1.";
    }
}

/// <summary>What a node does. A deployment of one node has all; any number of nodes may share a role.</summary>
[Flags]
public enum NodeRoles
{
    /// <summary>Answers over HTTP and handles the commands. It needs the key ring.</summary>
    Api = 1,

    /// <summary>Cuts archives.</summary>
    Archiver = 2,

    /// <summary>Serves every community's torrent, and fetches from the others what it lacks.</summary>
    Seeder = 4,

    /// <summary>Sends the announcements to the Waku network. It needs the key ring.</summary>
    Announcer = 8,

    /// <summary>Follows the announcements of other control nodes, downloads and imports.</summary>
    Importer = 16,

    All = Api | Archiver | Seeder | Announcer | Importer,
}
