using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>
/// A cut takes less than 200 MB, whatever it cuts: the whole process of one is measured, with its runtime and the database's client.
/// </summary>
public sealed class CutMemoryTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const long MaxBytes = 200_000_000;

    // Several times what a process may hold, so that one that keeps what it reads is found.
    private static readonly int Times = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 5 : 1;

    private readonly string root = Directory.CreateTempSubdirectory("eventarchive-").FullName;
    private TestDatabase database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.Create(Cancel);

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        await database.DisposeAsync();
    }

    [Fact]
    public Task Many_small_messages() => Cut(weeks: 10, perWeek: 40_000 * Times, payloadBytes: 800, paddingBytes: 1, encrypted: false);

    [Fact]
    public Task Messages_as_large_as_an_archive_can_hold() =>
        Cut(weeks: 4, perWeek: 3 * Times, payloadBytes: 29_900_000, paddingBytes: 1, encrypted: false);

    [Fact]
    public Task Messages_too_large_for_any_archive_among_others() =>
        Cut(weeks: 2, perWeek: 2 * Times, payloadBytes: 20_000_000, paddingBytes: 1, encrypted: false, tooLargeBytes: 66_000_000);

    [Fact]
    public Task Encrypted_archives_that_are_full() =>
        Cut(weeks: 3 * Times, perWeek: 120_000, payloadBytes: 185, paddingBytes: 128, encrypted: true);

    [Fact]
    public Task Encrypted_messages_as_large_as_an_archive_can_hold() =>
        Cut(weeks: 4, perWeek: 2 * Times, payloadBytes: 29_900_000, paddingBytes: 1, encrypted: true);

    private async Task Cut(int weeks, int perWeek, int payloadBytes, int paddingBytes, bool encrypted, int tooLargeBytes = 0)
    {
        var count = weeks * perWeek;
        // Makes the community and the months; the rest is quicker without a client.
        await new PostgresMessageStore(database.Source, TimeProvider.System).Record(
            EventSamples.Community,
            [
                .. Enumerable
                    .Range(0, weeks)
                    .Select(week => new Model.ArchivedMessage([4], StartOf(week), EventSamples.Topic, [1], [1], [(byte)week], "")),
            ],
            Cancel
        );
        await database.Run(
            $"""
            with timed as (
                select n, {CutProcess.Start} + (n - 1) / {perWeek} * {CutProcess.Week} + (n - 1) % {perWeek} % {CutProcess.Week} as timestamp
                from generate_series(1, {count}) n
            )
            insert into ea_messages
                (timestamp, number, community, month, imported, content_topic, hash, sig, payload, padding, third_party_id)
            select timestamp, 1000 + n, (select key from ea_message_communities), to_char(to_timestamp(timestamp) at time zone 'UTC', 'YYYYMM')::int,
                false, '\x{EventSamples.Topic.ToString()[2..]}', sha256(n::text::bytea), convert_to(repeat('s', 65), 'UTF8'),
                convert_to(repeat('p', case when n % {perWeek} = 0 and {tooLargeBytes} > 0 then {tooLargeBytes} else {payloadBytes} end), 'UTF8'),
                convert_to(repeat('o', {paddingBytes}), 'UTF8'), ''
            from timed
            """,
            Cancel
        );

        var (messages, peak) = await CutProcess.Measure(database.ConnectionString, root, weeks, encrypted, Cancel);

        messages.ShouldBe(weeks + count - (tooLargeBytes > 0 ? weeks : 0));
        TestContext.Current.TestOutputHelper!.WriteLine($"{peak / 1_000_000} MB");
        peak.ShouldBeLessThan(MaxBytes);
    }

    private static ulong StartOf(int week) => CutProcess.Start + ((ulong)week * CutProcess.Week);
}
