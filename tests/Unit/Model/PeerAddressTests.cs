using System.Net;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class PeerAddressTests() : TextValueTests<PeerAddress>("192.0.2.1:9025", "192.0.2.1:9026")
{
    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("255.255.255.255:65535", "255.255.255.255", 65535)]
    [InlineData("[::1]:9025", "::1", 9025)]
    [InlineData("[2001:db8::1]:9025", "2001:db8::1", 9025)]
    public void An_address_and_a_port_are_read(string text, string address, int port)
    {
        var peer = PeerAddress.Parse(text);
        peer.ShouldBe(new PeerAddress(IPAddress.Parse(address), port));
        peer.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("192.0.2.1:-1")]
    [InlineData("192.0.2.1:9025/path")]
    [InlineData("256.0.2.1:9025")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("::1:9025")]
    [InlineData("example.org:9025")]
    [InlineData("localhost:9025")]
    [InlineData("http://192.0.2.1:9025")]
    [InlineData("user@192.0.2.1:9025")]
    [InlineData(":9025")]
    public void What_is_not_an_IP_address_with_a_port_is_refused_because_no_name_is_looked_up_for_a_stranger(string text) =>
        ShouldRefuse(text);
}
