using System.Security.Cryptography;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class TopicKeysTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommunityId Community = EventSamples.Community;
    private static readonly CommunityId Other = CommunityId.Parse("0x03" + new string('9', 64));
    private static readonly ContentTopic Topic = ContentTopic.Parse("0x00000001");
    private static readonly ContentTopic Second = ContentTopic.Parse("0x00000002");
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private TestDatabase database = null!;
    private TopicKeys keys = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        keys = new TopicKeys(database.Source, new EphemeralDataProtectionProvider());
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_key_comes_back_for_its_channel_alone_and_the_table_does_not_hold_it_in_the_clear()
    {
        await keys.Import(Community, Topic, [9, 9], Cancel);
        await keys.Import(Community, Topic, Key, Cancel);
        await keys.Import(Community, Second, [2], Cancel);

        var found = await keys.Find(Community, Cancel);
        (found.Count, found[Second][0]).ShouldBe((2, (byte)2));
        found[Topic].ShouldBe(Key);
        (await keys.Find(Other, Cancel)).ShouldBeEmpty();
        var stored = await database.Scalar<byte[]>("select protected from ea_topic_keys where content_topic = '0x00000001'", Cancel);
        stored.AsSpan().IndexOf(Key.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Fact]
    public async Task What_is_listed_or_forgotten_needs_no_key_ring_and_what_is_opened_does()
    {
        await keys.Import(Community, Second, Key, Cancel);
        await keys.Import(Community, Topic, Key, Cancel);
        var elsewhere = new TopicKeys(database.Source, new EphemeralDataProtectionProvider());

        (await Should.ThrowAsync<CryptographicException>(() => elsewhere.Find(Community, Cancel))).Message.ShouldContain(
            "import the key again"
        );
        (await elsewhere.List(Cancel)).ShouldBe([new(Community, Topic), new(Community, Second)]);
        (await elsewhere.Forget(Other, Topic, Cancel)).ShouldBeFalse();
        (await elsewhere.Forget(Community, Topic, Cancel)).ShouldBeTrue();
        (await elsewhere.Forget(Community, Topic, Cancel)).ShouldBeFalse();
        (await elsewhere.List(Cancel)).ShouldBe([new(Community, Second)]);
    }

    [Fact]
    public async Task A_row_cannot_stand_in_for_anothers_because_each_is_bound_to_its_community_and_topic()
    {
        await keys.Import(Community, Topic, Key, Cancel);
        await database.Run("update ea_topic_keys set content_topic = '0x00000002'", Cancel);

        await Should.ThrowAsync<CryptographicException>(() => keys.Find(Community, Cancel));
    }
}
