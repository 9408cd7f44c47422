using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>What every store of folded states does. Run on the one in memory and on the one in PostgreSQL.</summary>
public abstract class CommunityStatesContract : IAsyncLifetime
{
    protected const string Stream = "community-a";

    protected ICommunityStates States { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<ICommunityStates> Create();

    public async ValueTask InitializeAsync() => States = await Create();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_row_is_found_by_its_stream()
    {
        (await States.Find(Stream, Cancel)).ShouldBeNull();

        await States.Save(Row(5), null, Cancel);
        await States.Save(Row(6) with { StreamId = "community-b" }, null, Cancel);

        (await States.Find(Stream, Cancel)).ShouldBe(Row(5));
        (await States.Find("community-b", Cancel)).ShouldBe(Row(6) with { StreamId = "community-b" });
    }

    [Fact]
    public async Task A_row_only_moves_forward_because_a_slow_node_saves_late()
    {
        await States.Save(Row(5), null, Cancel);
        await States.Save(Row(9), null, Cancel);

        await States.Save(Row(7), null, Cancel);
        await States.Save(Row(9) with { Json = """{"Other": 1}""" }, null, Cancel);

        (await States.Find(Stream, Cancel)).ShouldBe(Row(9));
    }

    [Fact]
    public async Task A_row_of_no_use_gives_way_to_a_lower_one_but_only_while_it_stands()
    {
        await States.Save(Row(9), null, Cancel);
        await States.Save(Row(4), inPlaceOf: Row(9), Cancel);
        (await States.Find(Stream, Cancel)).ShouldBe(Row(4));

        // Another load has put a good row in its place meanwhile.
        await States.Save(Row(3), inPlaceOf: Row(9), Cancel);
        await States.Save(Row(3), inPlaceOf: Row(4) with { Fold = "other" }, Cancel);
        (await States.Find(Stream, Cancel)).ShouldBe(Row(4));

        await States.Save(Row(4) with { Fold = "new" }, inPlaceOf: Row(4), Cancel);
        (await States.Find(Stream, Cancel))!.Fold.ShouldBe("new");
    }

    protected static CommunityState Row(long version) => new(Stream, version, "fold", $$"""{"Version": {{version}}}""");
}
