using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>What holds for every store of hash ratchet keys.</summary>
public abstract class RatchetKeysContract
{
    protected static readonly CommunityId Community = EventSamples.Community;
    protected static readonly CommunityId Other = CommunityId.Parse("0x03" + new string('9', 64));

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IRatchetKeys Keys { get; }

    [Fact]
    public async Task A_key_comes_back_by_its_id_and_only_for_its_community()
    {
        var key = Key(7, 1);
        await Keys.Import(key, 0, Cancel);

        var held = (await Keys.Find(Community, key.Id, Cancel)).ShouldNotBeNull();
        (held.Key.Id, held.Key.Timestamp, held.HighestSeqNo).ShouldBe((key.Id, key.Timestamp, 0u));
        held.Key.CopySecret().ShouldBe(key.CopySecret());
        (await Keys.Find(Other, key.Id, Cancel)).ShouldBeNull();
        (await Keys.Find(Community, Key(7, 2).Id, Cancel)).ShouldBeNull();
        (await Keys.FindNewest(Other, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task The_newest_key_is_that_with_the_highest_timestamp_in_whatever_order_they_came()
    {
        foreach (var key in new[] { Key(2, 1), Key(9, 2), Key(5, 3) })
            await Keys.Import(key, 0, Cancel);
        await Keys.Import(new RatchetKey(Other, 100, new byte[32]), 0, Cancel);

        (await Keys.FindNewest(Community, Cancel))!.Key.Timestamp.ShouldBe(9UL);
    }

    [Fact]
    public async Task A_number_only_rises_whoever_reports_it_because_none_is_given_out_twice()
    {
        var key = Key(7, 1);
        await Keys.Import(key, 5, Cancel);
        await Keys.Advance(Community, key.Id, 3, Cancel);
        await Highest(5);
        await Keys.Advance(Community, key.Id, uint.MaxValue, Cancel);
        await Keys.Import(key, 0, Cancel);
        await Highest(uint.MaxValue);
        await Keys.Advance(Community, Key(8, 1).Id, 9, Cancel);
        await Keys.Advance(Other, key.Id, 9, Cancel);

        async Task Highest(uint expected)
        {
            (await Keys.Find(Community, key.Id, Cancel))!.HighestSeqNo.ShouldBe(expected);
            (await Keys.FindNewest(Community, Cancel))!.HighestSeqNo.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task What_is_here_is_listed_by_community_the_oldest_first_with_the_highest_number()
    {
        var (old, young) = (Key(2, 1), Key(9, 2));
        var foreign = new RatchetKey(Other, 5, new byte[32]);
        await Keys.Import(foreign, 0, Cancel);
        await Keys.Import(young, 4, Cancel);
        await Keys.Import(old, uint.MaxValue, Cancel);

        ListedRatchetKey[] expected =
        [
            new(Community, old.Id, 2, uint.MaxValue),
            new(Community, young.Id, 9, 4),
            new(Other, foreign.Id, 5, 0),
        ];
        (await Keys.List(Cancel)).ShouldBe(expected.OrderBy(one => one.CommunityId.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_forgotten_key_is_gone_with_its_number_and_the_next_older_one_is_the_newest()
    {
        var (old, young) = (Key(2, 1), Key(9, 2));
        await Keys.Import(old, 0, Cancel);
        await Keys.Import(young, 7, Cancel);

        (await Keys.Forget(Other, young.Id, Cancel)).ShouldBeFalse();
        (await Keys.Forget(Community, young.Id, Cancel)).ShouldBeTrue();
        (await Keys.Forget(Community, young.Id, Cancel)).ShouldBeFalse();

        (await Keys.Find(Community, young.Id, Cancel)).ShouldBeNull();
        (await Keys.FindNewest(Community, Cancel))!.Key.Id.ShouldBe(old.Id);
        await Keys.Import(young, 0, Cancel);
        (await Keys.Find(Community, young.Id, Cancel))!.HighestSeqNo.ShouldBe(0u);
    }

    protected static RatchetKey Key(ulong timestamp, byte value) =>
        new(Community, timestamp, Enumerable.Repeat(value, RatchetKey.KeyBytes).ToArray());
}

public sealed class InMemoryRatchetKeysTests : RatchetKeysContract
{
    protected override IRatchetKeys Keys { get; } = new InMemoryRatchetKeys();
}
