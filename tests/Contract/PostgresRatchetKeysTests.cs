using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class PostgresRatchetKeysTests(PostgresFixture postgres) : RatchetKeysContract, IAsyncLifetime
{
    private readonly EphemeralDataProtectionProvider protection = new();
    private TestDatabase database = null!;
    private PostgresRatchetKeys keys = null!;

    protected override IRatchetKeys Keys => keys;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        keys = new PostgresRatchetKeys(database.Source, protection);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task The_table_does_not_hold_a_key_in_the_clear()
    {
        var secret = RandomNumberGenerator.GetBytes(RatchetKey.KeyBytes);
        await keys.Import(new RatchetKey(Community, 1, secret), 0, Cancel);

        var stored = await database.Scalar<byte[]>("select protected from ea_ratchet_keys", Cancel);
        stored.AsSpan().IndexOf(secret.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Fact]
    public async Task A_row_cannot_stand_in_for_anothers_because_each_is_bound_to_its_community_and_id()
    {
        await keys.Import(Key(7, 1), 0, Cancel);
        await database.Run($"update ea_ratchet_keys set key_id = '{Key(7, 2).Id}'", Cancel);

        (await Should.ThrowAsync<CryptographicException>(() => keys.Find(Community, Key(7, 2).Id, Cancel))).Message.ShouldContain(
            "key ring"
        );
    }

    [Fact]
    public async Task Another_key_ring_is_told_and_does_not_count_as_a_missing_key()
    {
        await keys.Import(Key(7, 1), 0, Cancel);

        var fault = await Should.ThrowAsync<CryptographicException>(() =>
            new PostgresRatchetKeys(database.Source, new EphemeralDataProtectionProvider()).FindNewest(Community, Cancel)
        );
        fault.Message.ShouldContain("import the key again");
    }

    [Fact]
    public async Task What_is_listed_or_forgotten_needs_no_key_ring()
    {
        await keys.Import(Key(7, 1), 3, Cancel);
        var elsewhere = new PostgresRatchetKeys(database.Source, new EphemeralDataProtectionProvider());

        (await elsewhere.List(Cancel)).ShouldHaveSingleItem().ShouldBe(new ListedRatchetKey(Community, Key(7, 1).Id, 7, 3));
        (await elsewhere.Forget(Community, Key(7, 1).Id, Cancel)).ShouldBeTrue();
        (await elsewhere.List(Cancel)).ShouldBeEmpty();
    }
}
