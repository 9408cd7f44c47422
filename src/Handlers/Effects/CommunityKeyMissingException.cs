using System.Security.Cryptography;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>A community's private key is not here, or cannot be decrypted. What needs it waits; waiting is no failure, and no try is counted.</summary>
public sealed class CommunityKeyMissingException(CommunityId community, CryptographicException? unreadable = null)
    : Exception(
        unreadable?.Message
            ?? $"The private key of community {community} is not here: import it with keys import on any node of the deployment.",
        unreadable
    )
{
    /// <summary>It is here, and cannot be decrypted.</summary>
    public bool IsHere { get; } = unreadable is not null;
}
