using System.Security.Cryptography;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class CommunityKeysTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
    private static readonly CommunityId Other = CommunityId.Parse("0x03" + new string('9', 64));

    private readonly EphemeralDataProtectionProvider protection = new();
    private TestDatabase database = null!;
    private PostgresCommunityKeys keys = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        keys = new PostgresCommunityKeys(database.Source, protection, CommunityOf);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_key_comes_back_and_the_table_does_not_hold_it_in_the_clear()
    {
        await keys.Import(CommunityOf(Key), Key, Cancel);
        await keys.Import(CommunityOf(Key), Key, Cancel);

        (await keys.Find(CommunityOf(Key), Cancel)).ShouldBe(Key);
        (await keys.List(Cancel)).ShouldBe([CommunityOf(Key)]);
        (await keys.Find(Other, Cancel)).ShouldBeNull();
        (await keys.Exists(CommunityOf(Key), Cancel)).ShouldBeTrue();
        (await keys.Exists(Other, Cancel)).ShouldBeFalse();
        var stored = await database.Scalar<byte[]>("select protected from ea_community_keys", Cancel);
        stored.AsSpan().IndexOf(Key.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Fact]
    public async Task A_forgotten_key_is_gone_and_nobody_else_s()
    {
        byte[] other = [.. Key.Reverse()];
        await keys.Import(CommunityOf(Key), Key, Cancel);
        await keys.Import(CommunityOf(other), other, Cancel);

        (await keys.Forget(CommunityOf(Key), Cancel)).ShouldBeTrue();

        (await keys.Forget(CommunityOf(Key), Cancel)).ShouldBeFalse();
        (await keys.Find(CommunityOf(Key), Cancel)).ShouldBeNull();
        (await keys.List(Cancel)).ShouldBe([CommunityOf(other)]);
    }

    [Fact]
    public async Task Another_communitys_key_is_refused_without_a_word_of_the_key()
    {
        var fault = await Should.ThrowAsync<ArgumentException>(() => keys.Import(Other, Key, Cancel));

        fault.ToString().ShouldNotContain(Convert.ToHexStringLower(Key)[..8], Case.Insensitive);
        fault.Message.ShouldContain(Other.ToString());
        (await keys.List(Cancel)).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => keys.Import(CommunityOf(Key), Key.AsMemory(1), Cancel));
    }

    [Fact]
    public async Task A_row_cannot_stand_in_for_anothers_because_each_is_bound_to_its_community()
    {
        await keys.Import(CommunityOf(Key), Key, Cancel);
        await database.Run($"update ea_community_keys set community = '{Other}'", Cancel);

        (await Should.ThrowAsync<CryptographicException>(() => keys.Find(Other, Cancel))).Message.ShouldContain("key ring");
    }

    [Fact]
    public async Task A_lost_key_ring_is_named_as_the_reason()
    {
        await keys.Import(CommunityOf(Key), Key, Cancel);
        var elsewhere = new PostgresCommunityKeys(database.Source, new EphemeralDataProtectionProvider(), CommunityOf);

        (await Should.ThrowAsync<CryptographicException>(() => elsewhere.Find(CommunityOf(Key), Cancel))).Message.ShouldContain(
            "import the key again"
        );
        (await elsewhere.Exists(CommunityOf(Key), Cancel)).ShouldBeTrue("nothing is decrypted for that");
    }

    /// <summary>Stands for the curve, which is another adapter's part.</summary>
    private static CommunityId CommunityOf(ReadOnlyMemory<byte> key) => CommunityId.FromKey([2, .. SHA256.HashData(key.Span)]);
}
