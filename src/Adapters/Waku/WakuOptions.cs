namespace EventArchive.Waku;

/// <summary>Where the Waku node is and how patiently it is spoken to.</summary>
public sealed record WakuOptions
{
    /// <summary>The REST address of an nwaku node.</summary>
    public Uri Node { get; init; } = new("http://127.0.0.1:8645");

    /// <summary>How often the node is asked for messages. It keeps few of them, of all topics together, so ask often.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one request may take. nwaku gives up on a publish after 5 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further tries of a request that failed for a passing reason.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The wait before the first further try; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest answer that is read, bytes.</summary>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>True: an announcement fails while the node says it has no peers, since nobody would hear it.</summary>
    public bool RequireRelayPeers { get; init; } = true;

    /// <summary>How often the list of followed communities is read anew.</summary>
    public TimeSpan FollowedRefresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between tries to reach a node that is away; it grows up to this and the tries never end.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a message is handed on before it is given up, with growing waits. The community announces again within hours.</summary>
    public int HandOverTries { get; init; } = 10;

    /// <summary>One sentence per setting that cannot work; empty when all can.</summary>
    public IEnumerable<string> Faults()
    {
        if (!Node.IsAbsoluteUri || Node.Scheme is not ("http" or "https"))
            yield return "Waku:Node is the REST address of a Waku node, for example http://127.0.0.1:8645.";
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
        if (MaxReconnectDelay <= TimeSpan.Zero)
            yield return "Waku:MaxReconnectDelay is more than zero.";
        if (HandOverTries < 1)
            yield return "Waku:HandOverTries is at least 1.";
    }
}
