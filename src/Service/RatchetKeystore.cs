using System.Security.Cryptography;
using System.Text;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>The hash ratchet keys of a community as one keystore file: their JSON list under a password, with the highest number of each.</summary>
public static class RatchetKeystore
{
    public static readonly int MaxBytes = KeystoreFile.MaxBytesFor(RatchetKeyFile.MaxCharacters);

    /// <exception cref="FormatException">It is no such file, or the password is not its. Nothing of a key or the password is in the message.</exception>
    public static IReadOnlyList<(RatchetKey Key, uint SeqNo)> Open(ReadOnlyMemory<byte> utf8, string password)
    {
        var list = KeystoreFile.OpenAny(utf8, password, RatchetKeyFile.MaxCharacters);
        try
        {
            return RatchetKeyFile.Parse(Encoding.UTF8.GetString(list));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(list);
        }
    }

    /// <summary>All keys of a community in clear, for <see cref="KeystoreFile.Write"/> and nothing else; null: there is none.</summary>
    public static async Task<byte[]?> Collect(IRatchetKeys keys, CommunityId community, CancellationToken cancellation)
    {
        List<(RatchetKey, uint)> found = [];
        foreach (var listed in (await keys.List(cancellation)).Where(one => one.CommunityId == community))
        {
            // One that is forgotten meanwhile is not missed.
            if (await keys.Find(community, listed.KeyId, cancellation) is { } held)
                found.Add((held.Key, held.HighestSeqNo));
        }
        return found.Count == 0 ? null : RatchetKeyFile.Write(found);
    }
}
