using EventArchive.Archives;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Archives from disk into the store, through the effect, without a service around it.</summary>
public sealed class ImportEffectTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const uint Week = 604_800;
    private const ulong Start = 1_700_000_000;

    private static readonly CommunityId Id = EventSamples.Community;
    private static readonly RatchetKey Older = new(Id, 1, Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly RatchetKey Newer = new(Id, 2, Enumerable.Repeat((byte)2, 32).ToArray());

    private readonly string root = Directory.CreateTempSubdirectory("eventarchive-import-").FullName;
    private readonly List<IReport> reports = [];
    private TestDatabase database = null!;
    private PostgresMessageStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        store = new PostgresMessageStore(database.Source, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task An_archive_with_a_message_that_no_store_holds_is_quarantined_because_it_would_block_the_others_for_ever()
    {
        var keys = new InMemoryRatchetKeys();
        // Padding does not count for the limit of an archive.
        var made = await Cut(keys, sealing: null, [Message(0, new byte[65 * 1024 * 1024]), Message(1, [1])]);

        await Import(made, keys, encryptedAfter: null);

        reports[0].ShouldBeOfType<QuarantineArchive>().Reason.ShouldContain("cannot be stored");
        reports[1].ShouldBeOfType<ReportArchivesImported>().Messages.ShouldBe(1);
        reports.Count.ShouldBe(2);
        (await store.Count(Id, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Archives_whose_keys_are_missing_are_parked_together_at_the_end_and_the_rest_is_imported()
    {
        var owner = new InMemoryRatchetKeys();
        await owner.Import(Older, 0, Cancel);
        await owner.Import(Newer, 0, Cancel);
        var first = await Cut(owner, new ArchiveSealing(Older.Id, 1, 0, ParentSealed: false), [Message(0, [1]), Message(1, [1])]);
        var second = await Cut(owner, new ArchiveSealing(Newer.Id, 1, 0, ParentSealed: true), [Message(2, [1])], first);
        var member = new InMemoryRatchetKeys();

        await Should.ThrowAsync<RatchetKeyMissingException>(Import(second, member, encryptedAfter: 0, first.Added));
        reports.ShouldBeEmpty();

        await member.Import(Newer, 0, Cancel);
        await Import(second, member, encryptedAfter: 0, first.Added);
        reports[0].ShouldBeOfType<ReportArchivesImported>().Archives.ShouldBe(second.Added.Select(entry => entry.Id));
        var parked = reports[1].ShouldBeOfType<ParkArchives>().MissingKeys;
        parked.Keys.ShouldBe(first.Added.Select(entry => entry.Id.ToString()), ignoreOrder: true);
        parked.Values.Distinct().ShouldBe([Older.Id]);

        reports.Clear();
        await member.Import(Older, 0, Cancel);
        await Import(second, member, encryptedAfter: 0, first.Added);
        reports.ShouldAllBe(report => report is ReportArchivesImported);
        (await store.Count(Id, Cancel)).ShouldBe(3);
    }

    private async Task<Cut> Cut(IRatchetKeys keys, ArchiveSealing? sealing, IReadOnlyList<ArchivedMessage> messages, Cut? parent = null)
    {
        var from = messages.Min(message => message.Timestamp);
        var plan = new CutPlan(
            Id,
            from,
            from + ((ulong)messages.Count * Week),
            Week,
            [EventSamples.Topic],
            parent?.Torrent.InfoHash,
            parent?.DataBytes ?? 0
        )
        {
            Sealing = sealing,
        };
        return (
            await Tree(keys)
                .Cut(
                    plan,
                    (window, _) =>
                        messages.Where(message => message.Timestamp >= window.From && message.Timestamp < window.To).ToAsyncEnumerable(),
                    Cancel
                )
        ).Made!;
    }

    private Task Import(Cut cut, IRatchetKeys keys, ulong? encryptedAfter, IReadOnlyList<ArchiveEntry>? older = null)
    {
        var community = Community.Initial with
        {
            Id = Id,
            EncryptedAfter = encryptedAfter,
            Importing = new Torrent(
                cut.Torrent.InfoHash,
                cut.Torrent.Magnetlink,
                cut.DataBytes,
                "node",
                Peer: null,
                encryptedAfter is not null
            ),
            ToImport = [.. cut.Added.Concat(older ?? []).Select(entry => entry.Id)],
        };
        return new ImportArchives(Tree(keys), store, null!).Perform(
            community,
            (report, _) =>
            {
                reports.Add(report);
                return Task.CompletedTask;
            },
            Cancel
        );
    }

    private ArchiveTree Tree(IRatchetKeys keys) => new(new ArchiveTreeOptions { Root = root }, NullLogger<ArchiveTree>.Instance, keys);

    private static ArchivedMessage Message(int week, byte[] padding) =>
        new([4], Start + ((ulong)week * Week), EventSamples.Topic, [1], padding, [9, (byte)week], "");
}
