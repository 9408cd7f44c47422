namespace EventArchive.Tests.Integration.MainLine;

/// <summary>The story on the embedded default.</summary>
public sealed class InMemoryStory : LineStory
{
    protected override Task<(Uri? Owner, Uri? Member)> StartBus() => Task.FromResult<(Uri?, Uri?)>((null, null));
}
