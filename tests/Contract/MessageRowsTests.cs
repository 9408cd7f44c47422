using System.Data.Common;
using System.Security.Cryptography;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Rows that are long, and statements that end badly: the reason is told, and nothing of them stays behind.</summary>
public sealed class MessageRowsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommunityId Community = EventSamples.Community;

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
    public async Task Messages_of_every_length_that_is_recorded_come_back_whole()
    {
        int[] lengths = [0, 1, 200, 9_000, 65_000, 262_000, 262_144, 1_000_000, 3, RecordCall.MaxMessageBytes - 200, 7];
        List<ArchivedMessage> messages = [.. lengths.Select(Message)];
        messages.Add(Message(50) with { Sig = new byte[300_000], Padding = Random(500_000, 3), ThirdPartyId = new string('ü', 200_000) });
        await store.Record(Community, messages, Cancel);

        var read = await store
            .Read(Community, [EventSamples.Topic], 0, 1000, long.MaxValue, Cancel)
            .Select(message => message.Copy())
            .ToListAsync(Cancel);

        read.Count.ShouldBe(messages.Count);
        foreach (var (was, isNow) in messages.Zip(read))
        {
            var name = $"{was.Payload.Length} bytes";
            isNow.Payload.Span.SequenceEqual(was.Payload.Span).ShouldBeTrue(name);
            isNow.Sig.Span.SequenceEqual(was.Sig.Span).ShouldBeTrue(name);
            isNow.Padding.Span.SequenceEqual(was.Padding.Span).ShouldBeTrue(name);
            isNow.Hash.ShouldBe(was.Hash, name);
            (isNow.Timestamp, isNow.Topic, isNow.ThirdPartyId).ShouldBe((was.Timestamp, was.Topic, was.ThirdPartyId), name);
        }
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_by_name_when_it_is_recorded()
    {
        var large = Message(RecordCall.MaxMessageBytes);

        var fault = await Should.ThrowAsync<ArgumentException>(() => store.Record(Community, [Message(5), large], Cancel));

        fault.Message.ShouldContain(Hex.Encode(large.Hash));
        fault.Message.ShouldContain($"at most {RecordCall.MaxMessageBytes}");
        var named = Message(5) with { ThirdPartyId = new string('x', RecordCall.MaxMessageBytes) };
        await Should.ThrowAsync<ArgumentException>(() => store.Record(Community, [named], Cancel));
        (await store.Count(Community, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_statement_that_fails_in_the_middle_tells_its_reason_and_is_over()
    {
        var fault = await Should.ThrowAsync<PostgresException>(() =>
            ReadAll("select 1::bigint / (40000 - n) from generate_series(1, 50000) n")
        );

        fault.SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        await NothingIsLeft();
    }

    [Fact]
    public async Task A_server_process_that_dies_in_the_middle_is_a_fault_that_goes_away_by_itself()
    {
        // The client holds up the server: the rows that are on their way are a part of all.
        await Should.ThrowAsync<DbException>(() =>
            ReadAll(
                "select n from generate_series(1::bigint, 5000000) n",
                async () =>
                    await database.Run(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
                        Cancel
                    )
            )
        );

        await NothingIsLeft();
    }

    [Fact]
    public async Task A_message_longer_than_any_that_is_recorded_is_read_without_its_payload_and_those_around_it_come_whole()
    {
        await store.Record(Community, [Message(1), Message(2), Message(3)], Cancel);
        // As an earlier version may have left it.
        await database.Run(
            $"update ea_messages set payload = convert_to(repeat('x', {RecordCall.MaxMessageBytes + 5000}), 'UTF8') where number = 2",
            Cancel
        );

        var read = await store
            .Read(Community, [EventSamples.Topic], 0, 1000, long.MaxValue, Cancel)
            .Select(message => message.Copy())
            .ToListAsync(Cancel);

        read.Select(message => message.LeftOutBytes).ShouldBe([0, RecordCall.MaxMessageBytes + 5000, 0]);
        read.Select(message => message.Payload.Length).ShouldBe([1, 0, 3]);
        read.Select(message => Hex.Encode(message.Hash)).ShouldBe(new[] { 1, 2, 3 }.Select(length => Hex.Encode(Message(length).Hash)));
    }

    [Fact]
    public async Task Such_a_message_is_set_aside_by_name_with_its_length_and_the_others_are_cut()
    {
        await store.Record(Community, [Message(1), Message(2), Message(3)], Cancel);
        await database.Run(
            $"update ea_messages set padding = convert_to(repeat('x', {RecordCall.MaxMessageBytes + 5000}), 'UTF8') where number = 2",
            Cancel
        );
        var root = Directory.CreateTempSubdirectory("eventarchive-").FullName;
        try
        {
            var tree = new ArchiveTree(new ArchiveTreeOptions { Root = root }, NullLogger<ArchiveTree>.Instance);

            var outcome = await tree.Cut(
                new CutPlan(Community, From: 0, To: 1000, PartitionSeconds: 1000, [EventSamples.Topic], Parent: null, CommittedBytes: 0),
                (window, token) => store.Read(Community, [EventSamples.Topic], window.From, window.To, long.MaxValue, token),
                Cancel
            );

            outcome.Made!.Messages.ShouldBe(2);
            var (hash, reason) = outcome.SetAside.ShouldHaveSingleItem();
            hash.ShouldBe(Hex.Encode(Message(2).Hash));
            reason.ShouldContain($"{RecordCall.MaxMessageBytes + 5000} bytes");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private async Task ReadAll(string query, Func<Task>? afterTheFirst = null)
    {
        await using var rows = await MessageRows.Open(database.Source, query, streams: false, Cancel);
        while (await rows.Next(Cancel))
        {
            _ = rows.Columns.Column().Length;
            if (afterTheFirst is not null)
                await afterTheFirst();
            afterTheFirst = null;
        }
    }

    private async Task NothingIsLeft()
    {
        // A process that was told to end is gone a moment later.
        await Deadline.Until(
            "the statement is over",
            async () =>
                (
                    await database.Rows(
                        "select state, query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'",
                        Cancel
                    )
                ).Count == 0,
            TimeSpan.FromSeconds(20),
            Cancel
        );
        (await store.Record(Community, [Message(6)], Cancel)).ShouldBe(1);
        (
            await store
                .Read(Community, [EventSamples.Topic], 0, 1000, long.MaxValue, Cancel)
                .Select(message => message.Copy())
                .ToListAsync(Cancel)
        ).Count.ShouldBe(1);
    }

    private static ArchivedMessage Message(int length) =>
        new([4], 100, EventSamples.Topic, Random(length, 1), [1], SHA256.HashData(BitConverter.GetBytes(length)), "");

    private static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
