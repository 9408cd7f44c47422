using System.Security.Cryptography;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class MessageRetentionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommunityId Cut = EventSamples.Community;
    private static readonly CommunityId Followed = CommunityId.Parse("0x03" + new string('9', 64));
    private static readonly ContentTopic Topic = EventSamples.Topic;

    /// <summary>First seconds of months.</summary>
    private static readonly ulong January = Second(2024, 1);
    private static readonly ulong February = Second(2024, 2);
    private static readonly ulong March = Second(2024, 3);

    /// <summary>Months before March are over for whoever keeps messages since then.</summary>
    private static readonly DateTimeOffset InMarch = new(2024, 3, 17, 5, 0, 0, TimeSpan.Zero);

    private TestDatabase database = null!;
    private PostgresMessageStore store = null!;
    private MessageRetention retention = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        store = new PostgresMessageStore(database.Source, TimeProvider.System);
        retention = new MessageRetention(database.Source);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Whole_months_go_and_what_was_in_them_is_not_recorded_again()
    {
        await store.Record(Cut, [Message(1, January), Message(2, February - 1), Message(3, March), Message(4, timestamp: 0)], Cancel);
        await store.Record(Followed, [Message(1, February)], Cancel);

        (await Drop(Taken(March, 4))).ShouldBe(new DroppedMessages(March, 4, HeldBy: null));

        (await Partitions()).ShouldBe(["ea_messages_202403", "ea_messages_other"]);
        (await database.Scalar<long>("select count(*) from ea_message_hashes", Cancel)).ShouldBe(1);
        (await store.Count(Cut, Cancel)).ShouldBe(1);
        (await store.Count(Followed, Cancel)).ShouldBe(0);
        (await store.Record(Cut, [Message(1, January), Message(9, March - 1), Message(5, March)], Cancel)).ShouldBe(1);
        (await database.Rows("select number from ea_messages order by 1", Cancel)).ShouldBe(["3", "5"], "numbers are never used again");
        (await store.Range(Cut, [Topic], Cancel)).ShouldBe(new RecordedRange(March, 5));
        (await Drop(Taken(March, 4))).ShouldBe(new DroppedMessages(March, 0, HeldBy: null));
    }

    [Fact]
    public async Task A_month_with_a_message_that_no_cut_took_stays_and_so_do_the_months_after_it()
    {
        await store.Record(Cut, [Message(1, January), Message(2, February), Message(3, February + 1)], Cancel);

        (await Drop(Taken(February + 1, 3))).ShouldBe(new DroppedMessages(February, 1, Cut));
        (await Drop(Taken(March, 2))).ShouldBe(new DroppedMessages(February, 0, Cut), "number 3 came after the cut of its window");
        (await Drop([])).ShouldBe(new DroppedMessages(February, 0, Cut), "nothing was cut");
        (await Drop([new(0, March, 3, [ContentTopic.Parse("0xffffffff")])])).ShouldBe(new DroppedMessages(February, 0, Cut));
        (await store.Count(Cut, Cancel)).ShouldBe(2);
        (await Drop(Taken(March, 3))).ShouldBe(new DroppedMessages(March, 2, HeldBy: null));
    }

    [Fact]
    public async Task What_came_out_of_an_archive_holds_nothing_up()
    {
        await store.Import(Cut, [Message(1, January)], Cancel);

        (await Drop([])).ShouldBe(new DroppedMessages(March, 1, HeldBy: null));
    }

    [Fact]
    public async Task Messages_without_a_month_go_by_their_timestamp()
    {
        await store.Record(Cut, [Message(1, timestamp: 0), Message(2, long.MaxValue), Message(3, Second(2014, 12))], Cancel);

        (await Drop([])).ShouldBe(new DroppedMessages(0, 0, Cut));
        (await Drop(Taken(March, 3))).ShouldBe(new DroppedMessages(March, 2, HeldBy: null));

        (await store.Count(Cut, Cancel)).ShouldBe(1);
        (await store.Record(Cut, [Message(1, timestamp: 0)], Cancel)).ShouldBe(0);
        (await store.Record(Cut, [Message(2, long.MaxValue)], Cancel)).ShouldBe(0, "its hash is known");
    }

    [Fact]
    public async Task While_somebody_records_the_horizon_stands_still()
    {
        await store.Record(Cut, [Message(1, January)], Cancel);
        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        await using (await connection.BeginTransactionAsync(Cancel))
        {
            await MessageHorizon.Keep(connection, Cancel);
            (await Should.ThrowAsync<Npgsql.PostgresException>(() => Drop(Taken(March, 1)))).SqlState.ShouldBe("55P03");
        }

        (await Drop(Taken(March, 1))).Messages.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_round_left_behind_the_horizon_the_next_one_takes()
    {
        await store.Record(Cut, [Message(1, January)], Cancel);
        await database.Run($"update ea_message_horizon set dropped_before = {February}", Cancel);

        (await Drop(Taken(March, 1))).ShouldBe(new DroppedMessages(March, 1, HeldBy: null));
        (await Partitions()).ShouldBe(["ea_messages_other"]);
    }

    [Fact]
    public async Task A_month_this_side_of_the_horizon_cannot_be_dropped()
    {
        await store.Record(Cut, [Message(1, February)], Cancel);
        await database.Run($"update ea_message_horizon set dropped_before = {March - 1}", Cancel);

        await Should.ThrowAsync<Npgsql.PostgresException>(() => database.Run("select ea_drop_message_month(202402)", Cancel));

        (await store.Count(Cut, Cancel)).ShouldBe(1);
    }

    private Task<DroppedMessages> Drop(IReadOnlyList<TakenMessages> taken) =>
        retention.Drop(InMarch, (id, _) => Task.FromResult(id == Cut ? taken : null), Cancel);

    private static IReadOnlyList<TakenMessages> Taken(ulong to, long number) => [new(0, to, number, [Topic])];

    private Task<IReadOnlyList<string>> Partitions() =>
        database.Rows("select inhrelid::regclass::text from pg_inherits where inhparent = 'ea_messages'::regclass order by 1", Cancel);

    private static ArchivedMessage Message(int name, ulong timestamp) =>
        new([4], timestamp, Topic, [1], [2], SHA256.HashData(BitConverter.GetBytes(name)), "");

    private static ulong Second(int year, int month) =>
        (ulong)new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
}
