using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class MagnetlinkParsingTests() : TextValueTests<Magnetlink>(Plain, Plain + "&dn=other")
{
    private const string Hash = "00112233445566778899aabbccddeeff00112233";
    private const string Plain = "magnet:?xt=urn:btih:" + Hash;

    [Fact]
    public void Name_trackers_and_peers_are_read_in_their_order()
    {
        var magnet = Magnetlink.Parse(Plain + "&dn=a%20b&tr=udp%3A%2F%2Fone%3A1&x.pe=192.0.2.1:1&tr=udp%3A%2F%2Ftwo%3A2&x.pe=[::1]:2");
        magnet.InfoHash.ShouldBe(InfoHash.Parse(Hash));
        magnet.Name.ShouldBe("a b");
        magnet.Trackers.ShouldBe(["udp://one:1", "udp://two:2"]);
        magnet.Peers.ShouldBe([PeerAddress.Parse("192.0.2.1:1"), PeerAddress.Parse("[::1]:2")]);
    }

    [Theory]
    [InlineData("AAISEM2EKVTHPCEZVK54ZXPO74ABCIRT")]
    [InlineData("aaisem2ekvthpcezvk54zxpo74abcirt")]
    public void A_base32_hash_is_the_same_torrent_because_old_clients_write_it_so(string base32) =>
        Magnetlink.Parse("magnet:?xt=urn:btih:" + base32).InfoHash.ShouldBe(InfoHash.Parse(Hash));

    [Fact]
    public void The_text_is_kept_because_it_is_what_was_signed()
    {
        const string text = "MAGNET:?dn=x&xt=URN:BTIH:00112233445566778899AABBCCDDEEFF00112233&unknown=1";
        var magnet = Magnetlink.Parse(text);
        magnet.ToString().ShouldBe(text);
        magnet.InfoHash.ShouldBe(InfoHash.Parse(Hash));
    }

    [Fact]
    public void The_same_torrent_in_another_text_is_another_magnet_because_the_signature_covers_the_text() =>
        Magnetlink.Parse(Plain).ShouldNotBe(Magnetlink.Parse("magnet:?xt=urn:btih:" + Hash.ToUpperInvariant()));

    [Fact]
    public void Peers_that_are_names_are_passed_over_because_no_name_is_looked_up_for_a_stranger() =>
        Magnetlink.Parse(Plain + "&x.pe=example.org:9025&x.pe=192.0.2.1:1").Peers.ShouldBe([PeerAddress.Parse("192.0.2.1:1")]);

    [Fact]
    public void Trackers_and_peers_beyond_the_limit_are_passed_over()
    {
        var many = string.Concat(Enumerable.Range(1, 100).Select(number => $"&tr=t{number}&x.pe=192.0.2.{number}:1"));
        var magnet = Magnetlink.Parse(Plain + many);
        magnet.Trackers.Count.ShouldBe(Magnetlink.MaxTrackers);
        magnet.Peers.Count.ShouldBe(Magnetlink.MaxPeers);
    }

    [Fact]
    public void Peers_are_added_at_the_end_and_no_more_than_a_reader_takes()
    {
        var peers = Enumerable.Range(1, 100).Select(number => PeerAddress.Parse($"192.0.2.{number}:1")).ToArray();
        Magnetlink.Parse(Plain).WithPeers(peers[..2]).ToString().ShouldBe(Plain + "&x.pe=192.0.2.1:1&x.pe=192.0.2.2:1");
        Magnetlink.Parse(Plain).WithPeers(peers[..2]).WithPeers(peers[2..]).Peers.ShouldBe(peers[..Magnetlink.MaxPeers]);
        Magnetlink.Parse(Plain).WithPeers([]).ShouldBe(Magnetlink.Parse(Plain));
    }

    [Theory]
    [InlineData("http://example.org/?xt=urn:btih:" + Hash)]
    [InlineData("magnet:")]
    [InlineData("magnet:?")]
    [InlineData("magnet:?xt=")]
    [InlineData("magnet:?xt=urn:btih:")]
    [InlineData("magnet:?xt=urn:sha1:" + Hash)]
    [InlineData("magnet:?xt=urn:btmh:1220" + Hash)]
    [InlineData("magnet:?dn=" + Hash)]
    [InlineData("magnet:?xt=urn:btih:0011")]
    [InlineData("magnet:?xt=urn:btih:0011223344556677889900112233445566778g99")]
    [InlineData("magnet:?xt=urn:btih:11111111111111111111111111111111")]
    [InlineData(Plain + "&xt=urn:btih:10112233445566778899aabbccddeeff00112233")]
    public void What_is_not_a_magnet_of_one_torrent_is_refused(string text) => ShouldRefuse(text);

    [Fact]
    public void A_magnet_of_the_greatest_length_is_read_and_one_character_more_is_refused()
    {
        var longest = Plain + "&dn=" + new string('x', Magnetlink.MaxCharacters - Plain.Length - "&dn=".Length);
        Magnetlink.Parse(longest).ToString().Length.ShouldBe(Magnetlink.MaxCharacters);
        ShouldRefuse(longest + "x");
    }

    [Fact]
    public void The_same_torrent_named_twice_is_one_torrent() =>
        Magnetlink.Parse(Plain + "&xt=urn:btih:" + Hash.ToUpperInvariant()).InfoHash.ShouldBe(InfoHash.Parse(Hash));
}
