using EventArchive.Handlers;
using EventArchive.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Tests.Contract;

/// <summary>What a node runs in the background, without the rest of the node.</summary>
internal static class TestLoops
{
    private static readonly LoopList List = new(TimeProvider.System, NullLogger<BackgroundLoop>.Instance);

    public static BackgroundLoops Of(EffectWorker worker) => new(List.Of(worker, new WorkOptions()));
}
