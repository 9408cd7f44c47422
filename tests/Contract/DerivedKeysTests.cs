using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The keys that follow from chat ids, stored because each takes milliseconds to derive.</summary>
public sealed class DerivedKeysTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_kept_is_found_by_chat_id_and_the_first_of_two_stays_because_both_are_the_same()
    {
        await using var database = await postgres.Create(Cancel);
        var keys = new PostgresChannelKeys(database.Source);

        await keys.Keep(new Dictionary<string, byte[]> { ["a"] = [1], ["b' or 1=1"] = [2] }, Cancel);
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => keys.Keep(new Dictionary<string, byte[]> { ["a"] = [9], ["c"] = [3] }, Cancel))
        );

        var found = await keys.Find(["a", "b' or 1=1", "c", "d"], Cancel);
        found
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => (one.Key, one.Value[0]))
            .ShouldBe([("a", 1), ("b' or 1=1", 2), ("c", 3)]);
        (await keys.Find([], Cancel)).ShouldBeEmpty();
    }
}
