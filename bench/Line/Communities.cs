using System.Security.Cryptography;
using System.Text;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;

namespace EventArchive.Bench.Line;

/// <summary>Control-node communities with recorded messages, each window of a minute with three of them.</summary>
internal sealed class Communities(IServiceProvider stores)
{
    public const uint WindowSeconds = 60;
    private const ulong Start = 1_740_960_000;
    private const int MessagesOfWindow = 3;
    private const int EventsOfAppend = 1000;

    private static readonly ContentTopic Topic = ContentTopic.Parse("0x01020304");
    private static readonly CancellationToken None = CancellationToken.None;

    /// <param name="streamEvents">Events that the stream has before the first line.</param>
    public async Task<Community> Make(string name, int windows, int streamEvents)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"bench line {name}"));
        var id = CommunityKey.IdOf(key);
        await stores.GetRequiredService<ICommunityKeys>().Import(id, key, None);
        var messages = Enumerable.Range(0, windows * MessagesOfWindow).Select(n => Message(id, n)).ToList();
        await stores.GetRequiredService<IMessageStore>().Record(id, messages, None);
        var store = stores.GetRequiredService<CommunityStore>();
        List<IEvent> events = [new HistoryArchivesEnabled(id, ControlNode: true, PubsubTopic.Default, [Topic])];
        // Facts that change nothing in the state.
        events.AddRange(Enumerable.Range(1, streamEvents - 1).Select(n => new ArchiveCreationFailed(id, 0, 0, "bench")));
        foreach (var some in events.Chunk(EventsOfAppend))
        {
            await using var work = await store.Begin(id, Guid.CreateVersion7(), None);
            await work.Commit(new Decision(some, "Bench", "bench"), None);
        }
        return new Community(id);
    }

    private static ArchivedMessage Message(CommunityId id, int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{id} {number}"));
        var timestamp = Start + (ulong)(number / MessagesOfWindow * WindowSeconds) + (ulong)(number % MessagesOfWindow);
        return new ArchivedMessage(new byte[65], timestamp, Topic, hash, [], hash, "");
    }

    /// <summary>Its windows are cut one after another, one at a time.</summary>
    internal sealed class Community(CommunityId id)
    {
        private ulong next = Start;

        public CommunityId Id => id;

        public (ulong From, ulong To) NextWindow()
        {
            var from = next;
            next += WindowSeconds;
            return (from, next);
        }
    }
}
