using System.Security.Cryptography;
using System.Text;
using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class ApiKeysTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private ApiKeys keys = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Create(Cancel);
        keys = new ApiKeys(database.Source);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_key_names_its_owner_until_it_is_revoked_and_the_table_holds_its_hash_alone()
    {
        var key = await keys.Create("backup job", Cancel);
        var other = await keys.Create("other", Cancel);

        (await keys.Find(key, Cancel)).ShouldBe("backup job");
        (await database.Scalar<byte[]>("select sha256 from ea_api_keys where name = 'backup job'", Cancel)).ShouldBe(
            SHA256.HashData(Encoding.ASCII.GetBytes(key))
        );
        (await keys.List(Cancel)).Select(one => one.Name).ShouldBe(["backup job", "other"]);

        (await keys.Revoke("backup job", Cancel)).ShouldBeTrue();

        (await keys.Find(key, Cancel)).ShouldBeNull();
        (await keys.Find(other, Cancel)).ShouldBe("other");
        (await keys.Revoke("backup job", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_key_is_nobody_s()
    {
        var key = await keys.Create("one", Cancel);

        foreach (var wrong in new[] { "", "ea_", key[..^1], key + "A", key.ToUpperInvariant(), "one", new string('a', 100_000) })
            (await keys.Find(wrong, Cancel)).ShouldBeNull(wrong.Length.ToString());
    }

    [Fact]
    public async Task A_name_is_taken_once_because_a_key_is_revoked_by_it()
    {
        await keys.Create("one", Cancel);

        (await Should.ThrowAsync<ArgumentException>(() => keys.Create("one", Cancel))).Message.ShouldContain("already");
        await Should.ThrowAsync<ArgumentException>(() => keys.Create("", Cancel));
        await Should.ThrowAsync<ArgumentException>(() => keys.Create("a\nb", Cancel));
        await Should.ThrowAsync<ArgumentException>(() => keys.Create(new string('a', 101), Cancel));
    }
}
