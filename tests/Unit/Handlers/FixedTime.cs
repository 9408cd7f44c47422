using EventArchive.Tests.Unit.Domain;

namespace EventArchive.Tests.Unit.Handlers;

/// <summary>It is always <see cref="Sample.Now"/>.</summary>
internal sealed class FixedTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => Sample.Now;
}
