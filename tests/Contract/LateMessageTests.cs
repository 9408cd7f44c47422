using System.Security.Cryptography;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Which recorded messages are late, against the same rule written as a loop.</summary>
public sealed class LateMessageTests(PostgresFixture postgres)
{
    private const ulong Start = 1_700_000_000;
    private const ulong Day = 86_400;

    private static readonly CommunityId Community = EventSamples.Community;
    private static readonly ContentTopic[] Topics = [.. Enumerable.Range(0, 4).Select(n => ContentTopic.Parse($"0x0000000{n}"))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_query_finds_exactly_what_no_cut_took_in_the_order_of_time_then_number(int seed)
    {
        var random = new Random(seed);
        await using var database = await postgres.Create(Cancel);
        var store = new PostgresMessageStore(database.Source, TimeProvider.System);
        List<(ArchivedMessage Message, long Number, bool Imported)> all = [];
        while (all.Count < 300)
        {
            var batch = Enumerable.Range(all.Count, random.Next(1, 30)).Select(name => Message(random, name)).ToList();
            var imported = random.Next(4) == 0;
            await (imported ? store.Import(Community, batch, Cancel) : store.Record(Community, batch, Cancel));
            foreach (var message in batch)
                all.Add((message, all.Count + 1, imported));
        }
        for (var round = 0; round < 20; round++)
        {
            var late = Late(random);
            var expected = all.Where(one => !one.Imported && IsLate(late, one.Message, one.Number))
                .OrderBy(one => one.Message.Timestamp)
                .ThenBy(one => one.Number)
                .Select(one => one.Message)
                .ToList();
            var (from, to) = (SomeTime(random), SomeTime(random));

            var timestamps = await store.ReadLateTimestamps(Community, late, Cancel).ToListAsync(Cancel);
            var messages = await store.ReadLate(Community, late, from, to, Cancel).Select(message => message.Copy()).ToListAsync(Cancel);

            timestamps.ShouldBe(expected.Select(message => message.Timestamp), $"seed {seed}, round {round}, {late}");
            messages
                .Select(Name)
                .ShouldBe(
                    expected.Where(message => message.Timestamp >= from && message.Timestamp < to).Select(Name),
                    $"seed {seed}, round {round}, {from} to {to} of {late}"
                );
        }
    }

    private static bool IsLate(LateMessages late, ArchivedMessage message, long number) =>
        late.Topics?.Contains(message.Topic) != false
        && message.Timestamp < late.Before
        && number <= late.HighestNumber
        && !late.Taken.Any(taken =>
            message.Timestamp >= taken.From
            && message.Timestamp < taken.To
            && number <= taken.HighestNumber
            && taken.ContentTopics.Contains(message.Topic)
        );

    private static LateMessages Late(Random random) =>
        new(
            random.Next(5) == 0 ? null : SomeTopics(random),
            SomeTime(random),
            random.Next(400),
            [
                .. Enumerable
                    .Range(0, random.Next(4))
                    .Select(_ => new TakenMessages(
                        random.Next(2) == 0 ? 0 : SomeTime(random),
                        random.Next(2) == 0 ? ulong.MaxValue : SomeTime(random),
                        random.Next(300),
                        SomeTopics(random)
                    )),
            ]
        );

    private static ContentTopic[] SomeTopics(Random random) => [.. Topics.Where(_ => random.Next(3) > 0)];

    private static ulong SomeTime(Random random) => Start + ((ulong)random.Next(100) * Day);

    private static ArchivedMessage Message(Random random, int name) =>
        new([4], SomeTime(random), Topics[random.Next(Topics.Length)], [1], [], SHA256.HashData(BitConverter.GetBytes(name)), "");

    private static string Name(ArchivedMessage message) => Hex.Encode(message.Hash);
}
