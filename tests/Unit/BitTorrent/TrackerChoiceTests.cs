using EventArchive.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.BitTorrent;

/// <summary>A stranger writes the magnet: what it names must not send this node anywhere but to a few trackers of the world outside.</summary>
public sealed class TrackerChoiceTests
{
    private static readonly BitTorrentOptions Open = new()
    {
        Listen = "0.0.0.0:6881",
        Discovery = Discovery.Public,
        MaxMagnetTrackers = 8,
    };

    [Theory]
    [InlineData("udp://tracker.example.org:1337/announce")]
    [InlineData("http://tracker.example.org/announce?passkey=1")]
    [InlineData("https://tracker.example.org:8443/announce.php")]
    [InlineData("http://198.51.100.7:6969/announce")]
    [InlineData("http://[2001:db8::7]:6969/announce")]
    public void A_tracker_of_the_world_outside_is_asked(string tracker) => TrackerChoice.Of([tracker], Open).ShouldBe([tracker]);

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://127.0.0.1:5432/announce")]
    [InlineData("udp://10.1.2.3:80/announce")]
    [InlineData("http://2130706433/announce")]
    [InlineData("http://0x7f.1/announce")]
    [InlineData("http://[::1]:80/announce")]
    [InlineData("http://[fe80::1%25eth0]:80/announce")]
    [InlineData("udp://[::ffff:192.168.1.1]:80/announce")]
    [InlineData("http://198.51.100.7\\@127.0.0.1:5432/announce")]
    [InlineData("http://user:secret@tracker.example.org/announce")]
    [InlineData("http://@tracker.example.org/announce")]
    [InlineData("http://tracker.example.org/announce#part")]
    [InlineData("http://tracker.example.org/announce\nhttp://127.0.0.1:5432/announce@")]
    [InlineData("udp://tracker.example.org/announce")]
    [InlineData("http:///announce")]
    [InlineData("udp://:80/announce")]
    [InlineData("http://träcker.example.org/announce")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("wss://tracker.example.org/announce")]
    [InlineData("unix:///run/postgresql")]
    [InlineData("announce")]
    [InlineData("")]
    public void Anything_else_is_not(string tracker) => TrackerChoice.Of([tracker], Open).ShouldBeEmpty();

    [Fact]
    public void An_address_has_256_characters_at_most()
    {
        var longest = "http://tracker.example.org/".PadRight(256, 'a');

        TrackerChoice.Of([longest + "a", longest], Open).ShouldBe([longest]);
    }

    [Fact]
    public void No_line_is_smuggled_into_the_list_that_the_library_reads() =>
        TrackerChoice
            .Of(["http://tracker.example.org/a\nhttp://127.0.0.1:5432/b", " \nhttp://tracker.example.org/c\r\n"], Open)
            .ShouldAllBe(tracker => !tracker.Any(char.IsWhiteSpace));

    [Fact]
    public void Of_20_000_the_first_few_are_asked_each_once_and_our_own_do_not_count()
    {
        var own = new Uri("http://own.example.org/announce");
        string[] many = [own.AbsoluteUri, .. Enumerable.Range(0, 20_000).Select(i => $"http://{i / 2}.example.org/announce")];

        TrackerChoice
            .Of(many, Open with { Trackers = [own], MaxMagnetTrackers = 3 })
            .ShouldBe([.. new[] { 0, 1, 2 }.Select(i => $"http://{i}.example.org/announce")]);
    }

    [Theory]
    [InlineData(Discovery.Public, 0)]
    [InlineData(Discovery.Trackers, 8)]
    [InlineData(Discovery.Off, 8)]
    public void Unless_the_setting_and_a_public_network_allow_it_none_is(Discovery discovery, int allowed) =>
        TrackerChoice
            .Of(["http://tracker.example.org/announce"], Open with { Discovery = discovery, MaxMagnetTrackers = allowed })
            .ShouldBeEmpty();

    [Fact]
    public void A_listener_on_loopback_asks_there_too_since_nothing_leaves_the_machine() =>
        TrackerChoice.Of(["http://127.0.0.1:9/announce"], Open with { Listen = "127.0.0.1:0" }).ShouldBe(["http://127.0.0.1:9/announce"]);
}
