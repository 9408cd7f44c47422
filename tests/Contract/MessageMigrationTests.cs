using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The messages of version 2, in one table with the community as text, on their way into the partitions.</summary>
public sealed class MessageMigrationTests(PostgresFixture postgres)
{
    private const string OtherCommunity = "0x03" + "9999999999999999999999999999999999999999999999999999999999999999";

    /// <summary>November 2023.</summary>
    private const ulong Time = 1_700_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("schema-1.sql")]
    [InlineData("schema-2.sql")]
    public async Task Every_message_keeps_its_number_and_comes_back_whole(string former)
    {
        await using var database = new TestDatabase(await postgres.CreateEmpty(Cancel), drop: true);
        await database.Run(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, former), Cancel), Cancel);
        await Insert(database, EventSamples.Community.ToString(), 1, Time + 5);
        await Insert(database, EventSamples.Community.ToString(), 2, Time);
        await Insert(database, EventSamples.Community.ToString(), 3, timestamp: 0);
        await Insert(database, EventSamples.Community.ToString(), 4, long.MaxValue);
        await Insert(database, OtherCommunity, 1, Time);

        await new Database(database.Source).Apply(Cancel);

        (await new Database(database.Source).Differences(Cancel)).ShouldBeEmpty();
        (await database.Rows("select month, number, timestamp from ea_messages order by community, number", Cancel)).ShouldBe([
            $"202311|1|{Time + 5}",
            $"202311|2|{Time}",
            "0|3|0",
            $"0|4|{long.MaxValue}",
            $"202311|1|{Time}",
        ]);
        var store = new PostgresMessageStore(database.Source, TimeProvider.System);
        var read = await store
            .Read(EventSamples.Community, [EventSamples.Topic], 0, Time + 10, 3, Cancel)
            .Select(message => message.Copy())
            .ToListAsync(Cancel);
        read.Select(message => message.Timestamp).ShouldBe([0UL, Time, Time + 5]);
        var second = read[1];
        new[] { second.Sig, second.Payload, second.Padding, second.Hash }
            .Select(bytes => Hex.Encode(bytes.Span))
            .ShouldBe(["0x0402", "0x070002", "0x01", "0xaa02"]);
        (second.Topic, second.ThirdPartyId).ShouldBe((EventSamples.Topic, "third-2"));
        (await store.Count(EventSamples.Community, Cancel)).ShouldBe(4);
        (await store.Range(EventSamples.Community, [EventSamples.Topic], Cancel)).ShouldBe(new RecordedRange(0, 4));
        var repeat = second with { Timestamp = 7 };
        (await store.Record(EventSamples.Community, [repeat, repeat with { Hash = [1] }], Cancel)).ShouldBe(1, "a known hash is a repeat");
        (await store.Range(EventSamples.Community, [EventSamples.Topic], Cancel)).ShouldBe(new RecordedRange(0, 5));
    }

    private static Task Insert(TestDatabase database, string community, long number, ulong timestamp) =>
        database.Run(
            $"""
            insert into ea_messages (community, number, content_topic, timestamp, hash, sig, payload, padding, third_party_id)
            values ('{community}', {number}, '\x{EventSamples.Topic.ToString()[2..]}', {timestamp}, '\xaa{number:x2}', '\x04{number:x2}',
                '\x0700{number:x2}', '\x01', 'third-{number}')
            """,
            Cancel
        );
}
