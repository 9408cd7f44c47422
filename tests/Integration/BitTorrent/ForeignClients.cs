using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>How aria2, Transmission and python3-libtorrent are started so that nothing of them leaves 127.0.0.1.</summary>
public static class ForeignClients
{
    public static ForeignProgram Aria2(string folder, int port, string what, params IEnumerable<string> more) =>
        ForeignProgram.Start(
            "aria2c",
            "aria2",
            folder,
            [
                "--no-conf",
                $"--dir={folder}",
                "--interface=127.0.0.1",
                $"--listen-port={port}",
                "--disable-ipv6=true",
                "--enable-dht=false",
                "--enable-dht6=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=false",
                "--bt-exclude-tracker=*",
                "--file-allocation=none",
                .. more,
                what,
            ]
        );

    /// <summary>Does nothing until <see cref="TransmissionRpc"/> tells it to. Downloads go to <paramref name="folder"/>/downloads.</summary>
    public static ForeignProgram Transmission(string folder, int port, int rpcPort)
    {
        var settings = new Dictionary<string, object>
        {
            ["bind-address-ipv4"] = "127.0.0.1",
            ["bind-address-ipv6"] = "::1",
            ["peer-port"] = port,
            ["dht-enabled"] = false,
            ["lpd-enabled"] = false,
            ["pex-enabled"] = false,
            ["utp-enabled"] = false,
            ["port-forwarding-enabled"] = false,
            ["rpc-enabled"] = true,
            ["rpc-bind-address"] = "127.0.0.1",
            ["rpc-port"] = rpcPort,
            ["rpc-authentication-required"] = false,
            ["download-dir"] = Path.Combine(folder, "downloads"),
        };
        var home = Directory.CreateDirectory(Path.Combine(folder, "settings")).FullName;
        File.WriteAllText(Path.Combine(home, "settings.json"), JsonSerializer.Serialize(settings));
        return ForeignProgram.Start("transmission-daemon", "transmission-daemon", folder, "--foreground", "--config-dir", home);
    }

    /// <summary>Does nothing until <see cref="QBittorrentApi"/> tells it to.</summary>
    public static ForeignProgram QBittorrent(string folder, int port, int webPort)
    {
        var settings = Directory.CreateDirectory(Path.Combine(folder, "qBittorrent", "config")).FullName;
        File.WriteAllText(
            Path.Combine(settings, "qBittorrent.conf"),
            $"""
            [LegalNotice]
            Accepted=true

            [BitTorrent]
            Session\Port={port}
            Session\Interface=lo
            Session\InterfaceName=lo
            Session\InterfaceAddress=127.0.0.1
            Session\DHTEnabled=false
            Session\LSDEnabled=false
            Session\PeXEnabled=false
            Session\BTProtocol=TCP
            Session\MultiConnectionsPerIp=true
            Session\AddTrackersEnabled=false
            Session\DefaultSavePath={Path.Combine(folder, "downloads")}

            [Network]
            PortForwardingEnabled=false

            [Preferences]
            WebUI\Address=127.0.0.1
            WebUI\Port={webPort}
            WebUI\LocalHostAuth=false
            WebUI\UseUPnP=false
            """
        );
        return ForeignProgram.Start("qbittorrent-nox", "qbittorrent-nox", folder, $"--profile={folder}");
    }

    /// <summary>A magnet is fetched whole, then <c>complete</c> is printed; a .torrent whose files are there is seeded.</summary>
    /// <param name="settings">Further settings of libtorrent, as a JSON object.</param>
    public static ForeignProgram PythonLibtorrent(string folder, int port, string what, string tracker = "", string settings = "{}")
    {
        const string script = """
            import json, sys, time
            import libtorrent as lt
            folder, port, what, tracker, settings = sys.argv[1:]
            session = lt.session({
                'listen_interfaces': '127.0.0.1:' + port, 'outgoing_interfaces': '127.0.0.1', 'enable_dht': False, 'enable_lsd': False,
                'enable_upnp': False, 'allow_multiple_connections_per_ip': True, 'enable_natpmp': False, 'enable_outgoing_utp': False, 'enable_incoming_utp': False,
                **json.loads(settings)})
            params = lt.parse_magnet_uri(what) if what.startswith('magnet:') else lt.add_torrent_params()
            if not what.startswith('magnet:'):
                params.ti = lt.torrent_info(what)
            params.trackers = [tracker] if tracker else []
            params.save_path = folder
            torrent = session.add_torrent(params)
            while not torrent.status().is_seeding:
                time.sleep(0.1)
            torrent.flush_cache()
            time.sleep(0.5)
            print('complete', flush=True)
            while True:
                time.sleep(1)
            """;
        return ForeignProgram.Start(
            "/usr/bin/python3",
            "python3-libtorrent",
            folder,
            "-c",
            script,
            folder,
            port.ToString(),
            what,
            tracker,
            settings
        );
    }

    /// <summary>The files as a foreign program names them.</summary>
    public static string Laid(this TorrentContent torrent, string folder)
    {
        var laid = Directory.CreateDirectory(Path.Combine(folder, torrent.CommunityId.ToString())).FullName;
        File.Copy(Path.Combine(torrent.Root, torrent.DataFile), Path.Combine(laid, "data"));
        File.Copy(Path.Combine(torrent.Root, torrent.IndexFile), Path.Combine(laid, "index"));
        return folder;
    }

    public static bool IsCopied(this TorrentContent torrent, string folder)
    {
        var (data, index) = (Copied(torrent, folder, "data"), Copied(torrent, folder, "index"));
        return File.Exists(data)
            && File.Exists(index)
            && File.ReadAllBytes(data).AsSpan().SequenceEqual(torrent.Data())
            && File.ReadAllBytes(index).AsSpan().SequenceEqual(torrent.Index());
    }

    public static PeerAddress Peer(int port) => new(System.Net.IPAddress.Loopback, port);

    private static string Copied(TorrentContent torrent, string folder, string name) =>
        Path.Combine(folder, torrent.CommunityId.ToString(), name);
}
