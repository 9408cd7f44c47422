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
        queue.Add(First, default);
        queue.Add(First, default);
        queue.Add(Second, default);

        (await queue.Take(Cancellation).Take(2).ToListAsync(Cancellation)).ShouldBe([First, Second]);
    }

    [Fact]
    public async Task A_community_that_is_named_while_it_is_looked_at_comes_again_afterwards_and_not_beside()
    {
        queue.Add(First, default);
        await using var taking = queue.Take(Cancellation).GetAsyncEnumerator(Cancellation);
        (await taking.MoveNextAsync()).ShouldBeTrue();
        queue.Add(First, default);
        queue.Add(First, default);

        var next = taking.MoveNextAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();
        queue.Done(First);
        (await next).ShouldBeTrue();

        queue.Done(First);
        queue.Add(Second, default);
        (await taking.MoveNextAsync()).ShouldBeTrue();
        taking.Current.ShouldBe(Second, "the first was named no more");
    }

    [Fact]
    public async Task A_community_that_is_named_before_the_look_begins_is_not_looked_at_a_second_time()
    {
        queue.Add(First, default);
        queue.Add(First, default);
        (await queue.Take(Cancellation).FirstAsync(Cancellation)).ShouldBe(First);
        queue.Done(First);
        queue.Add(Second, default);

        (await queue.Take(Cancellation).FirstAsync(Cancellation)).ShouldBe(Second);
    }

    [Fact]
    public async Task What_the_fewest_serve_goes_first_and_what_failed_here_goes_behind_it()
    {
        queue.Add(Number(1), new SeedNeed(Tries: 0, Others: 2));
        queue.Add(Number(2), new SeedNeed(Tries: 3, Others: 0));
        queue.Add(Number(3), new SeedNeed(Tries: 0, Others: 0));
        queue.Add(Number(4), new SeedNeed(Tries: 0, Others: 0));

        (await Take(3)).ShouldBe([Number(3), Number(4), Number(1)]);
        (await Take(1)).ShouldBe([Number(2)]);
    }

    [Fact]
    public async Task A_torrent_that_waits_is_placed_anew_when_more_is_known_of_it()
    {
        queue.Add(Number(1), new SeedNeed(Tries: 0, Others: 1));
        queue.Add(Number(2), new SeedNeed(Tries: 0, Others: 0));

        queue.Add(Number(1), new SeedNeed(Tries: 0, Others: 0));
        queue.Add(Number(2), new SeedNeed(Tries: 0, Others: 1));

        (await Take(2)).ShouldBe([Number(1), Number(2)]);
    }

    [Fact]
    public async Task Nothing_waits_for_ever_behind_a_stream_of_what_is_needed_more()
    {
        var least = Number(0);
        queue.Add(least, new SeedNeed(Tries: 20, Others: 9));
        List<CommunityId> taken = [];
        for (var number = 1; number <= SeedQueue.FairTurn; number++)
        {
            queue.Add(Number(2 * number), default);
            queue.Add(Number((2 * number) + 1), default);
            taken.AddRange(await Take(1));
        }

        taken[..^1].ShouldNotContain(least);
        taken[^1].ShouldBe(least);
    }

    private static CommunityId Number(int number) => CommunityId.Parse($"0x02{number:x64}");

    private ValueTask<List<CommunityId>> Take(int count) => queue.Take(Cancellation).Take(count).ToListAsync(Cancellation);
}
