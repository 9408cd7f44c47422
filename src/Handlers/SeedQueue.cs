using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>
/// The communities that this seeder must look at: each is in it once, however often it is named, and is looked at by one worker at a time. It
/// is filled by the node's own queue, which only wakes, and by a look through the projection.
/// </summary>
public sealed class SeedQueue
{
    // Not bounded by number, but by the communities: none is in it twice.
    private readonly Channel<CommunityId> due = Channel.CreateUnbounded<CommunityId>();

    /// <summary>Queued or being looked at; true: named again since the look began.</summary>
    private readonly Dictionary<CommunityId, bool> named = [];

    public void Add(CommunityId community)
    {
        lock (named)
        {
            if (named.TryAdd(community, false))
                due.Writer.TryWrite(community);
            else
                named[community] = true;
        }
    }

    /// <summary>Hands out the communities. Each must be given back with <see cref="Done"/>.</summary>
    public async IAsyncEnumerable<CommunityId> Take([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var community in due.Reader.ReadAllAsync(cancellation))
        {
            lock (named)
                named[community] = false;
            yield return community;
        }
    }

    public void Done(CommunityId community)
    {
        lock (named)
        {
            if (named.Remove(community, out var again) && again)
                Add(community);
        }
    }
}
