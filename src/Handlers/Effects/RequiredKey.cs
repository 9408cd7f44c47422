using System.Security.Cryptography;
using EventArchive.Model;

namespace EventArchive.Handlers;

internal static class RequiredKey
{
    /// <exception cref="CommunityKeyMissingException">It is not here, or cannot be decrypted.</exception>
    public static async Task<byte[]> Require(this ICommunityKeys keys, CommunityId community, CancellationToken cancellation)
    {
        try
        {
            return await keys.Find(community, cancellation) ?? throw new CommunityKeyMissingException(community);
        }
        catch (CryptographicException unreadable)
        {
            throw new CommunityKeyMissingException(community, unreadable);
        }
    }
}
