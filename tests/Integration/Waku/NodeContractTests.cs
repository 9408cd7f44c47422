using EventArchive.Testing;

namespace EventArchive.Tests.Waku;

/// <summary>The development node.</summary>
public sealed class DevNodeContractTests : NodeContract
{
    protected override async Task<IAsyncDisposable> Start() => await WakuDevNode.Start(Cancellation);

    protected override Uri AddressOf(IAsyncDisposable node) => ((WakuDevNode)node).Rest;
}

/// <summary>A node that answers well.</summary>
public sealed class FaultServerContractTests : NodeContract
{
    protected override async Task<IAsyncDisposable> Start() => await FaultServer.Start(seed: 1, Cancellation);

    protected override Uri AddressOf(IAsyncDisposable node) => ((FaultServer)node).Address;
}

/// <summary>A node of which every fourth answer is late, wrong, an error, cut off or missing, and that says everything twice.</summary>
public sealed class FaultyNodeContractTests : NodeContract
{
    protected override async Task<IAsyncDisposable> Start()
    {
        var node = await FaultServer.Start(seed: 2, Cancellation);
        (node.FaultsPerHundred, node.Repeats) = (25, true);
        return node;
    }

    protected override Uri AddressOf(IAsyncDisposable node) => ((FaultServer)node).Address;
}
