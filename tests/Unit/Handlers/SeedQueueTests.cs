using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class SeedQueueTests
{
    private static readonly CommunityId First = Sample.Id;
    private static readonly CommunityId Second = CommunityId.Parse("0x03" + new string('b', 64));

    private readonly SeedQueue queue = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_community_that_is_named_often_is_handed_out_once_because_the_look_is_at_its_present_state()
    {
        queue.Add(First);
        queue.Add(First);
        queue.Add(Second);

        (await queue.Take(Cancellation).Take(2).ToListAsync(Cancellation)).ShouldBe([First, Second]);
    }

    [Fact]
    public async Task A_community_that_is_named_while_it_is_looked_at_comes_again_afterwards_and_not_beside()
    {
        queue.Add(First);
        await using var taking = queue.Take(Cancellation).GetAsyncEnumerator(Cancellation);
        (await taking.MoveNextAsync()).ShouldBeTrue();
        queue.Add(First);
        queue.Add(First);

        var next = taking.MoveNextAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();
        queue.Done(First);
        (await next).ShouldBeTrue();

        queue.Done(First);
        queue.Add(Second);
        (await taking.MoveNextAsync()).ShouldBeTrue();
        taking.Current.ShouldBe(Second, "the first was named no more");
    }

    [Fact]
    public async Task A_community_that_is_named_before_the_look_begins_is_not_looked_at_a_second_time()
    {
        queue.Add(First);
        queue.Add(First);
        (await queue.Take(Cancellation).FirstAsync(Cancellation)).ShouldBe(First);
        queue.Done(First);
        queue.Add(Second);

        (await queue.Take(Cancellation).FirstAsync(Cancellation)).ShouldBe(Second);
    }
}
