using System.Security.Cryptography;
using EventArchive.Model;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Which partition a message is recorded in, and that there are no more than these.</summary>
public sealed class MessagePartitionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommunityId Community = EventSamples.Community;
    private static readonly CommunityId OtherCommunity = CommunityId.Parse("0x03" + new string('9', 64));

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
    public async Task Times_out_of_all_reason_share_one_partition_because_timestamps_are_a_strangers()
    {
        var now = new DateTimeOffset(2024, 1, 31, 12, 0, 0, TimeSpan.Zero);
        var second = (ulong)now.ToUnixTimeSeconds();
        var then = new PostgresMessageStore(database.Source, new FixedTime(now));
        ulong[] times = [0, 1_420_070_399, 1_420_070_400, second, second + 86_399, second + 86_400, 1UL << 40, long.MaxValue];
        await then.Record(Community, [.. times.Select((time, name) => Wide(name, time))], Cancel);

        (await database.Rows("select month, timestamp from ea_messages order by timestamp", Cancel)).ShouldBe([
            "0|0",
            "0|1420070399",
            "201501|1420070400",
            $"202401|{second}",
            $"202402|{second + 86_399}",
            $"0|{second + 86_400}",
            $"0|{1UL << 40}",
            $"0|{long.MaxValue}",
        ]);
        (await Read(0, ulong.MaxValue))
            .Select(message => message.Timestamp)
            .ShouldBe(times.SkipLast(1), "the last is no second before the end");
        (await Read(second, second + 86_401)).Count.ShouldBe(3, "a month and the others are read as one");
    }

    [Fact]
    public async Task Nodes_that_need_the_same_new_months_at_once_make_each_once()
    {
        const int nodes = 8;
        var months = Enumerable.Range(0, 12).Select(month => 1_600_000_000UL + ((ulong)month * 31 * 86_400)).ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, nodes)
                .Select(node =>
                    new PostgresMessageStore(database.Source, TimeProvider.System).Record(
                        node % 2 == 0 ? Community : OtherCommunity,
                        [.. months.Select((time, month) => Wide((node * 100) + month, time))],
                        Cancel
                    )
                )
        );

        (await database.Scalar<long>("select count(*) from pg_inherits where inhparent = 'ea_messages'::regclass", Cancel)).ShouldBe(13);
        (await store.Count(Community, Cancel)).ShouldBe(nodes / 2 * 12);
    }

    private ValueTask<List<ArchivedMessage>> Read(ulong from, ulong to) =>
        store.Read(Community, [EventSamples.Topic], from, to, long.MaxValue, Cancel).Select(message => message.Copy()).ToListAsync(Cancel);

    private static ArchivedMessage Wide(int name, ulong timestamp) =>
        new([4], timestamp, EventSamples.Topic, [1], [2], SHA256.HashData(BitConverter.GetBytes(name)), "");

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
