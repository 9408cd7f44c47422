using System.Runtime.CompilerServices;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>
/// The communities that this seeder must look at: each is in it once, however often it is named, and is looked at by one worker at a time. It
/// is filled by the node's own queue, which only wakes, and by a look through the projection. Who is needed most goes first.
/// </summary>
public sealed class SeedQueue
{
    /// <summary>Each time so many have gone, the longest waiting one goes, however little it is needed: a stream of others cannot hold it up for ever.</summary>
    public const int FairTurn = 4;

    private readonly SemaphoreSlim waiting = new(0);

    // Not bounded by number, but by the communities: none is in it twice.
    private readonly Dictionary<CommunityId, Place> named = [];
    private long arrivals;
    private int turns;

    /// <param name="need">The last word counts, while it waits.</param>
    public void Add(CommunityId community, SeedNeed need)
    {
        lock (named)
        {
            if (named.TryGetValue(community, out var place))
            {
                place.Need = need;
                place.Again = place.Taken;
                return;
            }
            named.Add(community, new Place { Need = need, Arrival = ++arrivals });
        }
        waiting.Release();
    }

    /// <summary>Hands out the communities. Each must be given back with <see cref="Done"/>.</summary>
    public async IAsyncEnumerable<CommunityId> Take([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await waiting.WaitAsync(cancellation);
            yield return Next();
        }
    }

    public void Done(CommunityId community)
    {
        lock (named)
        {
            if (named.Remove(community, out var place) && place.Again)
                Add(community, place.Need);
        }
    }

    private CommunityId Next()
    {
        lock (named)
        {
            var due = named.Where(one => !one.Value.Taken);
            var (community, place) =
                ++turns % FairTurn == 0
                    ? due.MinBy(one => one.Value.Arrival)
                    : due.MinBy(one => (one.Value.Need.Tries, one.Value.Need.Others, one.Value.Arrival));
            place.Taken = true;
            return community;
        }
    }

    private sealed class Place
    {
        public required SeedNeed Need { get; set; }

        public required long Arrival { get; init; }

        public bool Taken { get; set; }

        /// <summary>Named again since the look began.</summary>
        public bool Again { get; set; }
    }
}

/// <summary>How much a torrent needs this seeder: what has not failed here before what has, then what the fewest serve.</summary>
/// <param name="Tries">How often it failed here: of many that nobody can give, each would cost its time-outs again and again before the others.</param>
/// <param name="Others">Live nodes that serve it.</param>
public readonly record struct SeedNeed(int Tries, int Others);
