using System.Text.Json;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Model;

public sealed class MagnetlinkTests
{
    private const string Hash = "a0f92b36a42328f0f0396d0906fec72779741979";
    private static readonly CommunityId Community = CommunityId.Parse(
        "0x034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"
    );

    [Theory]
    [InlineData("archive-1")]
    [InlineData("archive-10")]
    [InlineData("archive-append")]
    [InlineData("archive-partitions")]
    [InlineData("archive-1000")]
    public void The_magnet_equals_that_of_status_go_and_is_read_back(string name)
    {
        using var vector = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name + ".json")));
        var expected = vector.RootElement.GetProperty("magnet").GetString()!;
        var infoHash = InfoHash.Parse(vector.RootElement.GetProperty("infoHash").GetString()!);
        string[] trackers = ["udp://tracker.opentrackr.org:1337/announce", "udp://tracker.openbittorrent.com:6969/announce"];

        Magnetlink.Of(infoHash, Community, trackers).ToString().ShouldBe(expected);

        var read = Magnetlink.Parse(expected);
        read.InfoHash.ShouldBe(infoHash);
        read.Name.ShouldBe(Community.ToString());
        read.Trackers.ShouldBe(trackers);
        read.Peers.ShouldBeEmpty();
    }

    [Fact]
    public void Peers_come_last_and_are_read_back()
    {
        var magnet = Magnetlink
            .Of(InfoHash.Parse(Hash), Community, [])
            .WithPeers([PeerAddress.Parse("127.0.0.1:9025"), PeerAddress.Parse("[::1]:9")]);

        magnet.ToString().ShouldEndWith("&x.pe=127.0.0.1:9025&x.pe=[::1]:9");
        Magnetlink.Parse(magnet.ToString()).Peers.ShouldBe(magnet.Peers);
        magnet.Peers.Count.ShouldBe(2);
    }

    [Fact]
    public void Base32_capitals_and_other_parameters_are_read()
    {
        // The same 20 bytes in base 32.
        var magnet = Magnetlink.Parse("MAGNET:?x=1&xt=urn:btih:UD4SWNVEEMUPB4BZNUEQN7WHE54XIGLZ&tr=a&so=0");

        magnet.InfoHash.ToString().ShouldBe(Hash);
        Magnetlink.Parse($"magnet:?xt=urn:btih:{Hash.ToUpperInvariant()}").InfoHash.ToString().ShouldBe(Hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://example.org")]
    [InlineData("magnet:?dn=a")]
    [InlineData("magnet:?xt=urn:btih:a0f9")]
    [InlineData("magnet:?xt=urn:btih:UD4SWNVEEMUPB4BZNUEQN7WHE54XIG11")]
    [InlineData("magnet:?xt=urn:btmh:1220a0f92b36a42328f0f0396d0906fec72779741979")]
    [InlineData("magnet:?xt=urn:btih:a0f92b36a42328f0f0396d0906fec72779741979&xt=urn:btih:b0f92b36a42328f0f0396d0906fec72779741979")]
    public void What_names_no_torrent_or_two_is_refused(string text)
    {
        Should.Throw<FormatException>(() => Magnetlink.Parse(text));
        Magnetlink.TryParse(text, null, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_magnet_past_the_limit_is_refused() =>
        Should.Throw<FormatException>(() => Magnetlink.Parse($"magnet:?xt=urn:btih:{Hash}&dn={new string('a', Magnetlink.MaxCharacters)}"));
}
