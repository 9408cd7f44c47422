using System.Collections;
using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class MessageStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommunityId Community = EventSamples.Community;
    private static readonly CommunityId OtherCommunity = CommunityId.Parse("0x03" + new string('9', 64));
    private static readonly ContentTopic Topic = EventSamples.Topic;
    private static readonly ContentTopic OtherTopic = ContentTopic.Parse("0xffffffff");

    private TestDatabase database = null!;
    private PostgresMessageStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        store = new PostgresMessageStore(database.Source, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Messages_come_back_whole_in_the_order_of_time_then_number()
    {
        var (a, b, c) = (Message(1, 200), Message(2, 100), Message(3, 100));

        (await store.Record(Community, [a, b, c], Cancel)).ShouldBe(3);

        var read = await Read(0, 1000);
        read.Select(Name).ShouldBe([Name(b), Name(c), Name(a)]);
        var first = read[0];
        new[] { first.Sig, first.Payload, first.Padding, first.Hash }
            .Select(bytes => Convert.ToHexString(bytes.Span))
            .ShouldBe(new[] { b.Sig, b.Payload, b.Padding, b.Hash }.Select(bytes => Convert.ToHexString(bytes.Span)));
        (first.Timestamp, first.Topic, first.ThirdPartyId).ShouldBe((b.Timestamp, b.Topic, b.ThirdPartyId));
    }

    [Fact]
    public async Task A_hash_is_stored_once_for_each_community()
    {
        (await store.Record(Community, [Message(1), Message(1), Message(2)], Cancel)).ShouldBe(2);
        (await store.Record(Community, [Message(2), Message(3)], Cancel)).ShouldBe(1);
        (await store.Record(OtherCommunity, [Message(1)], Cancel)).ShouldBe(1);
        (await store.Record(Community, [], Cancel)).ShouldBe(0);

        (await store.Count(Community, Cancel)).ShouldBe(3);
        (await store.Count(OtherCommunity, Cancel)).ShouldBe(1);
        (await Numbers()).ShouldBe([1L, 2, 3], "repeats take no number");
    }

    [Fact]
    public async Task The_first_message_with_a_hash_is_kept_whatever_the_month_of_a_hostile_repeat()
    {
        await store.Record(Community, [Message(1, 1_700_000_000), Message(1, 1_600_000_000)], Cancel);

        (await store.Record(Community, [Message(1, 1_500_000_000), Message(1, long.MaxValue)], Cancel)).ShouldBe(0);
        (await store.Import(Community, [Message(1, 0)], Cancel)).ShouldBe(0);

        (await Read(0, ulong.MaxValue)).ShouldHaveSingleItem().Timestamp.ShouldBe(1_700_000_000UL);
    }

    [Fact]
    public async Task Whoever_stops_reading_early_leaves_no_statement_and_no_transaction_behind()
    {
        await store.Record(Community, [.. Enumerable.Range(0, 5000).Select(n => Wide(n, 100) with { Payload = new byte[10_000] })], Cancel);
        await foreach (var _ in store.Read(Community, [Topic], 0, 1000, long.MaxValue, Cancel))
            break;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in store.Read(Community, [Topic], 0, 1000, long.MaxValue, stop.Token))
                await stop.CancelAsync();
        });

        // A statement that was cancelled is over a moment later.
        await Deadline.Until(
            "every session is idle",
            async () =>
                (
                    await database.Rows(
                        "select state, query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
                            + "and backend_type = 'client backend' and state <> 'idle'",
                        Cancel
                    )
                ).Count == 0,
            TimeSpan.FromSeconds(20),
            Cancel
        );
        (await Read(0, 1000)).Count.ShouldBe(5000);
    }

    [Fact]
    public async Task A_recording_that_is_cut_off_leaves_nothing()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var messages = new Watched([.. Enumerable.Range(0, 25_000).Select(n => Wide(n, 100))]);
        // Looked through to check them and to find their months; in the third round they are sent.
        messages.After((2 * messages.Count) + 15_000, stop.Cancel);

        await Should.ThrowAsync<OperationCanceledException>(() => store.Record(Community, messages, stop.Token));

        (await store.Count(Community, Cancel)).ShouldBe(0);
        (await store.Record(Community, [Wide(1, 100)], Cancel)).ShouldBe(1);
        (await Numbers()).ShouldBe([1L]);
    }

    [Fact]
    public async Task Only_the_window_the_topics_and_the_numbers_asked_for_are_read()
    {
        await store.Record(
            Community,
            [Message(1, 99), Message(2, 100), Message(3, 199), Message(4, 200), Message(5, 150, OtherTopic)],
            Cancel
        );
        await store.Record(Community, [Message(6, 150)], Cancel);
        await store.Record(OtherCommunity, [Message(7, 150)], Cancel);

        (await Read(100, 200, highest: 5)).Select(m => m.Hash[0]).ShouldBe([(byte)2, 3]);
        (await Read(100, 200)).Select(m => m.Hash[0]).ShouldBe([(byte)2, 6, 3]);
        (await Read(0, ulong.MaxValue)).Count.ShouldBe(5);
        (await Read(ulong.MaxValue, ulong.MaxValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_range_is_that_of_the_topics()
    {
        await store.Record(Community, [Message(1, 300), Message(2, 200), Message(3, 100, OtherTopic)], Cancel);

        (await store.Range(Community, [Topic], Cancel)).ShouldBe(new RecordedRange(200, 2));
        (await store.Range(Community, [Topic, OtherTopic], Cancel)).ShouldBe(new RecordedRange(100, 3));
        (await store.Range(Community, [ContentTopic.Parse("0x00000000")], Cancel)).ShouldBeNull();
        (await store.Range(OtherCommunity, [Topic], Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task All_messages_are_stored_or_none()
    {
        ArchivedMessage[] late = [Message(1), Message(2) with { Timestamp = ulong.MaxValue }];
        await Should.ThrowAsync<ArgumentException>(() => store.Record(Community, late, Cancel));
        await Should.ThrowAsync<ArgumentException>(() => store.Record(Community, [Message(1), Message(2) with { Hash = [] }], Cancel));
        await Should.ThrowAsync<ArgumentException>(() =>
            store.Record(Community, [Message(1), Message(2) with { ThirdPartyId = "\0" }], Cancel)
        );
        await database.Run("alter table ea_messages add check (timestamp <> 666)", Cancel);
        var chunks = Enumerable.Range(0, 4500).Select(number => Wide(number, number == 4400 ? 666UL : 100));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => store.Record(Community, [.. chunks], Cancel));

        (await store.Count(Community, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Numbers_have_no_hole_and_the_set_up_to_a_number_never_grows_although_several_record_at_once()
    {
        const int writers = 4;
        const int calls = 20;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(() => Watch(done.Token), Cancel);
        await Task.WhenAll(
            Enumerable
                .Range(0, writers)
                .Select(writer =>
                    Task.Run(
                        async () =>
                        {
                            for (var call = 0; call < calls; call++)
                                await store.Record(
                                    Community,
                                    [.. Enumerable.Range(0, 5).Select(n => Wide(((writer / 2) * 1000) + (call * 5) + n, 100))],
                                    Cancel
                                );
                        },
                        Cancel
                    )
                )
        );
        await done.CancelAsync();
        await watching;

        // Two pairs of writers record the same messages.
        (await Numbers()).ShouldBe(Enumerable.Range(1, writers / 2 * calls * 5).Select(number => (long)number));
    }

    [Fact]
    public async Task A_large_record_goes_in_chunks_and_numbers_follow_the_order_given()
    {
        ArchivedMessage[] messages = [.. Enumerable.Range(0, 5000).Select(number => Wide(number, 100))];

        (await store.Record(Community, messages, Cancel)).ShouldBe(5000);

        (await Read(0, 1000)).Select(Name).ShouldBe(messages.Select(Name));
    }

    private async Task Watch(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var row = await database.Rows("select count(*), coalesce(max(number), 0) from ea_messages", Cancel);
            var parts = row[0].Split('|');
            parts[0].ShouldBe(parts[1], "a number is seen only when all below it are");
        }
    }

    private async Task<List<ArchivedMessage>> Read(ulong from, ulong to, long highest = long.MaxValue)
    {
        List<ArchivedMessage> found = [];
        await foreach (var message in store.Read(Community, [Topic], from, to, highest, Cancel))
            found.Add(message.Copy());
        return found;
    }

    private async Task<IEnumerable<long>> Numbers() =>
        (
            await database.Rows(
                $"select number from ea_messages m join ea_message_communities c on c.key = m.community where c.community = '{Community}' order by 1",
                Cancel
            )
        ).Select(long.Parse);

    private static string Name(ArchivedMessage message) => Hex.Encode(message.Hash);

    private static ArchivedMessage Message(byte name, ulong timestamp = 100, ContentTopic? topic = null) =>
        new([4, name], timestamp, topic ?? Topic, [name, 0, 255], [], [name, .. new byte[31]], $"discord-{name}");

    private static ArchivedMessage Wide(int name, ulong timestamp) =>
        new([4], timestamp, Topic, [1], [2], SHA256.HashData(BitConverter.GetBytes(name)), "");

    /// <summary>Messages that tell when so many were taken out.</summary>
    private sealed class Watched(IReadOnlyList<ArchivedMessage> messages) : IReadOnlyList<ArchivedMessage>
    {
        private Action tell = () => { };
        private int left;

        public int Count => messages.Count;

        public ArchivedMessage this[int index] => messages[index];

        public void After(int count, Action act) => (left, tell) = (count, act);

        public IEnumerator<ArchivedMessage> GetEnumerator()
        {
            foreach (var message in messages)
            {
                if (--left == 0)
                    tell();
                yield return message;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
