using System.Net;
using System.Net.Sockets;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Whom the engine contacts is the setting's business, not a torrent's.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static BitTorrentOptions Quiet { get; } =
        new()
        {
            Listen = "0.0.0.0:0",
            Discovery = Discovery.Public,
            Dht = false,
            PeerExchange = false,
            PortMapping = false,
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Discovery.Off)]
    [InlineData(Discovery.Trackers)]
    public async Task A_private_network_has_every_form_of_search_switched_off(Discovery discovery)
    {
        var own = new BitTorrentOptions { Discovery = discovery, Trackers = [new Uri("http://127.0.0.1:9/announce")] };
        await using var engine = await Engine.Start(own);

        string[] off = ["enable_dht", "enable_lsd", "enable_upnp", "enable_natpmp", "enable_incoming_utp", "enable_outgoing_utp"];
        foreach (var name in off)
            engine.Session.Setting(name).ShouldBe("0", name);
        engine.Session.Setting("dht_bootstrap_nodes").ShouldBe("");
        engine.Session.Setting("listen_interfaces").ShouldBe("127.0.0.1:0");
        engine.Session.Setting("outgoing_interfaces").ShouldBe("127.0.0.1", "nothing may leave the machine");
        engine.Session.Setting("allow_multiple_connections_per_ip").ShouldBe("1");
    }

    [Fact]
    public async Task With_discovery_off_no_tracker_is_contacted_although_torrent_and_magnet_name_one()
    {
        await using var tracker = await LoopbackTracker.Start();
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 5, trackers: tracker.Announce.AbsoluteUri);
        await owner.Seed(owned, Cancellation);
        var magnet = Magnetlink.Of(owned.InfoHash, RandomTorrent.Community, [tracker.Announce.AbsoluteUri]).WithPeers([owner.Peer!]);

        await member.FetchMetadata(magnet, Cancellation);
        await member.Download(owned.At(folder.Sub("member")), magnet.Peers, new Reports(), Cancellation);
        await member.Stop(owned.InfoHash, Cancellation);
        await owner.Stop(owned.InfoHash, Cancellation);

        tracker.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task With_trackers_our_own_is_asked_and_the_one_in_the_torrent_is_not()
    {
        await using var ours = await LoopbackTracker.Start();
        await using var theirs = await LoopbackTracker.Start();
        var options = new BitTorrentOptions { Discovery = Discovery.Trackers, Trackers = [ours.Announce] };
        await using var owner = await Engine.Start(options);
        await using var member = await Engine.Start(options);
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 5, trackers: theirs.Announce.AbsoluteUri);
        await owner.Seed(owned, Cancellation);
        await Eventually.Is(() => ours.Knows(owned.InfoHash, owner.Peer!), "the tracker knows the seeder");

        await member.FetchMetadata(owned.Magnet(), Cancellation);
        var copy = owned.At(folder.Sub("member"));
        await member.Download(copy, [], new Reports(), Cancellation);

        copy.Data().ShouldBe(owned.Data());
        theirs.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task On_a_public_network_as_many_trackers_of_a_magnet_are_asked_as_the_setting_allows(int allowed)
    {
        await using var ours = await LoopbackTracker.Start();
        await using var theirs = await LoopbackTracker.Start();
        await using var beyond = await LoopbackTracker.Start();
        await using var owner = await Engine.Start(new() { Discovery = Discovery.Trackers, Trackers = [theirs.Announce] });
        var options = Quiet with
        {
            Listen = "127.0.0.1:0",
            Trackers = [ours.Announce],
            MaxMagnetTrackers = allowed,
            MetadataTimeout = TimeSpan.FromSeconds(60),
        };
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 5);
        await owner.Seed(owned, Cancellation);
        await Eventually.Is(() => theirs.Knows(owned.InfoHash, owner.Peer!), "the tracker knows the seeder");
        string[] named = [ours.Announce.AbsoluteUri, theirs.Announce.AbsoluteUri, beyond.Announce.AbsoluteUri];
        var magnet = Magnetlink.Of(owned.InfoHash, RandomTorrent.Community, named);
        var copy = owned.At(folder.Sub("member")) with { MagnetTrackers = magnet.Trackers };

        // Each by an engine of its own, which knows nothing of what the other found.
        var first = await Ask((engine, end) => engine.FetchMetadata(magnet, end));
        var second = await Ask((engine, end) => engine.Download(copy, [], new Reports(), end));

        foreach (var peer in new[] { first, second })
            theirs.WasAskedBy(peer).ShouldBe(allowed > 0);
        theirs.Knows(owned.InfoHash, second).ShouldBe(allowed > 0, "a seed asks our own alone, and so takes leave of them alone");
        beyond.Requests.ShouldBe(0);

        async Task<PeerAddress> Ask(Func<LibtorrentEngine, CancellationToken, Task> act)
        {
            await using var member = await Engine.Start(options);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var asking = act(member, end.Token);
            await Eventually.Is(() => ours.WasAskedBy(member.Peer!), "our tracker is asked");
            if (allowed == 0)
            {
                // Long enough for the others to be asked, if they were.
                await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
                await end.CancelAsync();
                await Should.ThrowAsync<OperationCanceledException>(asking);
            }
            else
                await asking;
            return member.Peer!;
        }
    }

    [Fact]
    public void The_public_trackers_of_status_go_are_announced_to_on_a_public_network_alone_and_only_without_own_ones()
    {
        Uri[] own = [new("http://127.0.0.1:9/announce")];
        new BitTorrentOptions { Discovery = Discovery.Public }
            .ToAnnounceTo()
            .ShouldBe(["udp://tracker.opentrackr.org:1337/announce", "udp://tracker.openbittorrent.com:6969/announce"]);
        new BitTorrentOptions { Discovery = Discovery.Public, Trackers = own }
            .ToAnnounceTo()
            .ShouldBe(["http://127.0.0.1:9/announce"]);
        new BitTorrentOptions { Discovery = Discovery.Trackers, Trackers = own }
            .ToAnnounceTo()
            .ShouldBe(["http://127.0.0.1:9/announce"]);
        new BitTorrentOptions { Trackers = own }
            .ToAnnounceTo()
            .ShouldBeEmpty();
    }

    [Fact]
    public void On_a_public_network_private_addresses_of_a_magnet_are_passed_over_because_a_stranger_chose_them()
    {
        PeerAddress[] named =
        [
            .. new[] { "127.0.0.1:5432", "10.1.2.3:1", "172.31.0.1:1", "192.168.1.1:80", "169.254.169.254:80", "100.64.0.1:1", "0.0.0.0:1" }
                .Concat(["[::1]:1", "[fe80::1]:1", "[fd00::1]:1", "[::ffff:10.0.0.1]:1", "239.1.1.1:1"])
                .Select(text => PeerAddress.Parse(text)),
        ];
        PeerAddress[] @public = [PeerAddress.Parse("198.51.100.7:6881"), PeerAddress.Parse("[2001:db8::7]:6881")];

        PeerChoice.Of([.. named, .. @public], Discovery.Public, self: null).ShouldBe(@public);
        PeerChoice.Of(named, Discovery.Off, self: null).ShouldBe(named);
        PeerChoice.Of([.. @public, .. @public], Discovery.Public, self: @public[0]).ShouldBe([@public[1]]);
    }

    [Fact]
    public async Task On_a_public_network_no_private_address_is_connected_whoever_named_it()
    {
        await using var owner = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 2);
        await owner.Seed(owned, Cancellation);
        await using var open = await Engine.Start(Quiet);
        await using var closed = await Engine.Start(Quiet with { Discovery = Discovery.Off });

        // Past PeerChoice, as a tracker or the DHT would name it.
        foreach (var engine in new[] { open, closed })
        {
            engine.Session.StartMetadata(owned.InfoHash, [], []);
            engine.Session.Connect(owned.InfoHash, owner.Peer!);
        }
        await Eventually.Is(() => closed.Session.Metadata(owned.InfoHash) is not null, "a private deployment takes it");

        open.Session.Metadata(owned.InfoHash).ShouldBeNull();
        open.Session.Find(owned.InfoHash)!.Status.Peers.ShouldBe(0);
        foreach (var name in new[] { "enable_dht", "enable_upnp", "enable_natpmp" })
            open.Session.Setting(name).ShouldBe("0", name);
        open.Session.Setting("enable_outgoing_utp").ShouldBe("1", "home routers let it through");
    }

    [Fact]
    public async Task On_a_public_network_no_tracker_is_asked_whose_name_leads_into_our_own()
    {
        await using var tracker = await LoopbackTracker.Start();
        var named = new UriBuilder(tracker.Announce) { Host = "localhost" }.Uri;
        await using var open = await Engine.Start(Quiet with { MaxMagnetTrackers = 8, MetadataTimeout = TimeSpan.FromSeconds(2) });
        await using var closed = await Engine.Start(Quiet with { Discovery = Discovery.Trackers, Trackers = [named] });
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 2);
        var magnet = Magnetlink.Of(owned.InfoHash, RandomTorrent.Community, [named.AbsoluteUri]);
        TrackerChoice.Of(magnet.Trackers, Quiet with { MaxMagnetTrackers = 8 }).ShouldBe([named.AbsoluteUri], "a name tells nothing");

        await Should.ThrowAsync<TorrentException>(open.FetchMetadata(magnet, Cancellation));
        closed.Session.StartMetadata(owned.InfoHash, [], []);
        await Eventually.Is(() => tracker.WasAskedBy(Asker(closed)), "a private deployment asks it");

        tracker.WasAskedBy(Asker(open)).ShouldBeFalse();
        foreach (var name in new[] { "apply_ip_filter_to_trackers", "ssrf_mitigation" })
            open.Session.Setting(name).ShouldBe("1", name);

        static PeerAddress Asker(LibtorrentEngine engine) => new(IPAddress.Loopback, engine.Session.Port);
    }

    [Fact]
    public async Task An_address_in_use_is_one_clear_error_because_nobody_would_find_us_elsewhere()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var listen = taken.LocalEndpoint.ToString()!;

        var failure = await Should.ThrowAsync<TorrentException>(Engine.Start(new BitTorrentOptions { Listen = listen }));

        failure.Message.ShouldContain($"cannot listen on {listen}: Address already in use");
    }

    [Fact]
    public async Task Options_come_from_configuration_and_faults_are_named()
    {
        static ServiceProvider Build(Dictionary<string, string?> settings)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            return new ServiceCollection().AddLogging().AddBitTorrent(configuration.GetSection("BitTorrent")).BuildServiceProvider();
        }
        await using var good = Build(
            new()
            {
                ["BitTorrent:Discovery"] = "trackers",
                ["BitTorrent:Trackers:0"] = "http://127.0.0.1:9/announce",
                ["BitTorrent:AdvertisedPeer"] = "192.0.2.1:6881",
                ["BitTorrent:StallTimeout"] = "00:00:07",
            }
        );
        var options = good.GetRequiredService<IOptions<BitTorrentOptions>>().Value;
        options.Discovery.ShouldBe(Discovery.Trackers);
        options.Trackers.ShouldBe([new Uri("http://127.0.0.1:9/announce")]);
        options.StallTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        var engine = good.GetRequiredService<LibtorrentEngine>();
        await engine.StartAsync(Cancellation);
        good.GetRequiredService<ITorrentEngine>().Peer.ShouldBe(PeerAddress.Parse("192.0.2.1:6881"));

        await using var bad = Build(new() { ["BitTorrent:Listen"] = "here", ["BitTorrent:Discovery"] = "Trackers" });
        var faults = Should.Throw<OptionsValidationException>(() => bad.GetRequiredService<IOptions<BitTorrentOptions>>().Value).Failures;
        faults.Count().ShouldBe(2);
    }

    [Fact]
    public void A_library_of_another_version_is_refused_with_one_clear_error()
    {
        Should.NotThrow(NativeLibraryFile.Require);
        var failure = Should.Throw<TorrentLibraryException>(() => NativeLibraryFile.RequireVersion(99));
        failure.Message.ShouldContain("interface version 99");
    }
}
