using System.Net.Sockets;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

public sealed class ChildProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_program_that_is_started_while_a_peer_is_connected_does_not_keep_the_peer_s_connection_open()
    {
        await using var owner = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 3);
        await owner.Seed(owned, Cancellation);
        using var peer = new TcpClient();
        await peer.ConnectAsync(owner.Peer!.Address, owner.Peer.Port, Cancellation);
        await peer.GetStream().WriteAsync(PeerWire.Handshake(owned.InfoHash), Cancellation);
        await Eventually.Is(() => owner.List().Single().Peers == 1, "the peer is connected");

        using var program = ChildProcess.Start("sleep", "60");
        await owner.Stop(owned.InfoHash, Cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        await peer.GetStream().CopyToAsync(Stream.Null, limit.Token);

        program.HasExited.ShouldBeFalse("It is to run while the connection ends.");
        program.Kill();
    }
}
