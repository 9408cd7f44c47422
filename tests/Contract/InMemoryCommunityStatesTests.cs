using EventArchive.Handlers;

namespace EventArchive.Tests.Contract;

public sealed class InMemoryCommunityStatesTests : CommunityStatesContract
{
    protected override Task<ICommunityStates> Create() => Task.FromResult<ICommunityStates>(new InMemoryCommunityStates());
}
