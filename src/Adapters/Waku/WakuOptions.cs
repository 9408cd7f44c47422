namespace EventArchive.Waku;

/// <summary>Where the Waku nodes are and how patiently they are spoken to.</summary>
public sealed record WakuOptions
{
    private static readonly Uri Usual = new("http://127.0.0.1:8645");
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>The REST address of an nwaku node, when there is only one; null: http://127.0.0.1:8645, where one may be or not.</summary>
    public Uri? Node { get; init; }

    /// <summary>The REST addresses of several nodes, in place of Node: all are listened to, and a message goes to the first that takes it.</summary>
    public IReadOnlyList<Uri> Nodes { get; init; } = [];

    /// <summary>The REST addresses of the nodes that are asked for what was missed: all of them, each time. Empty: the nodes themselves.</summary>
    public IReadOnlyList<Uri> StoreNodes { get; init; } = [];

    /// <summary>True: where StoreNodes are named, a message counts as sent only when one of them has it.</summary>
    public bool ConfirmInStore { get; init; } = true;

    /// <summary>How long a message that a node has taken may need to be found in a store.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the node is asked for messages. It keeps few of them, of all topics together, so ask often.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one request may take. nwaku gives up on a publish after 5 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further tries of a request that failed for a passing reason.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The wait before the first further try; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a node that gave no answer several times is left alone.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The messages that a node keeps between two polls, its --rest-relay-cache-capacity. When a poll gives as many, some may have been lost, and
    /// a store is asked.
    /// </summary>
    public int RelayCacheCapacity { get; init; } = 50;

    /// <summary>How long a message may be under way, and how wrong a sender's clock may be, in what is taken for heard.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often it is looked for times that nobody heard.</summary>
    public TimeSpan GapCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often stores are asked for what was heard too, since relays lose messages. Zero: never.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long no store may answer before what was missed is reported as a gap. It is asked for ever after all the same.</summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long stores keep messages. Nothing older is asked for: no answer would not mean that nothing was said.</summary>
    public TimeSpan StoreRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The longest answer that is read, bytes.</summary>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>True: an announcement fails while the node says it has no peers, since nobody would hear it.</summary>
    public bool RequireRelayPeers { get; init; } = true;

    /// <summary>How often the list of followed communities is read anew.</summary>
    public TimeSpan FollowedRefresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How far back the store is asked for announcements that were missed. A community announces every eight hours, so a day holds the newest.
    /// </summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The longest wait between tries to reach a node that is away; it grows up to this and the tries never end.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a message is handed on before it is given up, with growing waits. The community announces again within hours.</summary>
    public int HandOverTries { get; init; } = 10;

    /// <summary>Somebody named a node, and counts on it.</summary>
    internal bool NamesNodes => Node is not null || Nodes.Count > 0;

    internal IReadOnlyList<Uri> AllNodes => Nodes.Count > 0 ? Nodes : [Node ?? Usual];

    internal IReadOnlyList<Uri> AllStores => StoreNodes.Count > 0 ? StoreNodes : AllNodes;

    /// <summary>Doubles from a quarter of a second, with jitter so that many nodes do not come back at one moment.</summary>
    internal TimeSpan ReconnectDelay(int attempt)
    {
        var most = Math.Min(MaxReconnectDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)));
        return TimeSpan.FromMilliseconds(most * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    /// <summary>One sentence per setting that cannot work; empty when all can.</summary>
    public IEnumerable<string> Faults()
    {
        if (Node is not null && !IsAddress(Node))
            yield return "Waku:Node is the REST address of a Waku node, for example http://127.0.0.1:8645.";
        if (!Nodes.Concat(StoreNodes).All(IsAddress))
            yield return "Waku:Nodes and Waku:StoreNodes are lists of REST addresses of Waku nodes, for example http://127.0.0.1:8645.";
        if (ConfirmTimeout <= TimeSpan.Zero)
            yield return "Waku:ConfirmTimeout is more than zero.";
        if (BreakDuration < TimeSpan.FromMilliseconds(500) || BreakDuration > TimeSpan.FromMinutes(5))
            yield return "Waku:BreakDuration is half a second to five minutes.";
        if (RelayCacheCapacity < 1)
            yield return "Waku:RelayCacheCapacity is at least 1, and what the nodes are started with.";
        if (Settle <= TimeSpan.Zero || GapCheck <= TimeSpan.Zero || GapPatience < TimeSpan.Zero || Recheck < TimeSpan.Zero)
            yield return "Waku: Settle and GapCheck are more than zero, GapPatience and Recheck not less than zero.";
        if (StoreRetention < TimeSpan.FromHours(1))
            yield return "Waku:StoreRetention is at least an hour.";
        if (PollInterval <= TimeSpan.Zero || PollInterval > TimeSpan.FromMinutes(1))
            yield return "Waku:PollInterval is more than zero and at most a minute.";
        if (RequestTimeout <= TimeSpan.Zero || RequestTimeout > TimeSpan.FromMinutes(5))
            yield return "Waku:RequestTimeout is more than zero and at most five minutes.";
        if (Retries is < 0 or > 20)
            yield return "Waku:Retries is 0 to 20.";
        if (RetryDelay <= TimeSpan.Zero || RetryDelay > TimeSpan.FromMinutes(1))
            yield return "Waku:RetryDelay is more than zero and at most a minute.";
        if (MaxBodyBytes < WakuMessage.MaxBytes)
            yield return $"Waku:MaxBodyBytes is at least {WakuMessage.MaxBytes}.";
        if (FollowedRefresh <= TimeSpan.Zero)
            yield return "Waku:FollowedRefresh is more than zero.";
        if (CatchUp <= TimeSpan.Zero || CatchUp > TimeSpan.FromDays(30))
            yield return "Waku:CatchUp is more than zero and at most 30 days, which is as long as stores keep messages.";
        if (MaxReconnectDelay <= TimeSpan.Zero)
            yield return "Waku:MaxReconnectDelay is more than zero.";
        if (HandOverTries < 1)
            yield return "Waku:HandOverTries is at least 1.";
    }

    private static bool IsAddress(Uri address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" };
}
