namespace EventArchive.Handlers;

/// <summary>The symmetric keys of channels, kept because each takes milliseconds to derive. They are public knowledge to whoever knows a chat id.</summary>
public interface IChannelKeys
{
    /// <summary>Those that are kept, by chat id.</summary>
    Task<IReadOnlyDictionary<string, byte[]>> Find(IReadOnlyCollection<string> chatIds, CancellationToken cancellation);

    Task Keep(IReadOnlyDictionary<string, byte[]> keys, CancellationToken cancellation);
}
