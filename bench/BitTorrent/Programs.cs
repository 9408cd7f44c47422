using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Testing;

namespace EventArchive.Bench.BitTorrent;

/// <summary>How each program is started so that nothing of it leaves 127.0.0.1.</summary>
internal static class Programs
{
    /// <summary>libtorrent by its Python binding, with the settings of our engine where they touch the transfer.</summary>
    private const string Python = """
        import json, resource, sys, time
        import libtorrent as lt
        what, folder, target, tracker = sys.argv[1:]
        session = lt.session({
            'listen_interfaces': '127.0.0.1:0', 'outgoing_interfaces': '127.0.0.1', 'enable_dht': False, 'enable_lsd': False,
            'enable_upnp': False, 'enable_natpmp': False, 'enable_outgoing_utp': False, 'enable_incoming_utp': False,
            'allow_multiple_connections_per_ip': True, 'unchoke_slots_limit': -1, 'connections_limit': 500,
            'prioritize_partial_pieces': True, 'initial_picker_threshold': 0, 'auto_sequential': False,
            'whole_pieces_threshold': 0, 'max_metadata_size': 48000000, 'max_piece_count': 2097152, 'metadata_token_limit': 4000000})
        used = lambda: (lambda now: now.ru_utime + now.ru_stime)(resource.getrusage(resource.RUSAGE_SELF))
        started, cpu = time.monotonic(), used()
        params = lt.parse_magnet_uri(target) if target.startswith('magnet:') else lt.add_torrent_params()
        if not target.startswith('magnet:'):
            params.ti = lt.torrent_info(target)
        params.trackers = [tracker] if tracker else []
        params.save_path = folder
        torrent = session.add_torrent(params)
        while not torrent.status().is_seeding:
            time.sleep(0.05)
        print(json.dumps({'seconds': time.monotonic() - started, 'cpu': used() - cpu, 'peer': '127.0.0.1:%d' % session.listen_port()}), flush=True)
        sys.stdin.read()
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static Task<RunningProgram> Ours(params string[] arguments) =>
        RunningProgram.Start(Environment.ProcessPath!, ["child", .. arguments], Limit);

    public static Task<RunningProgram> Libtorrent(string what, string folder, string target, string tracker = "") =>
        RunningProgram.Start("/usr/bin/python3", ["-c", Python, what, folder, target, tracker], Limit);

    /// <summary>Seconds and CPU seconds of a whole run of aria2c.</summary>
    public static async Task<(double Seconds, double Cpu)> Aria2(string folder, string torrentFile, string tracker)
    {
        string[] aria2 =
        [
            "aria2c",
            "--no-conf",
            "--quiet",
            $"--dir={folder}",
            "--interface=127.0.0.1",
            $"--listen-port={FreePort.Next()}",
            "--disable-ipv6=true",
            "--enable-dht=false",
            "--enable-dht6=false",
            "--bt-enable-lpd=false",
            "--enable-peer-exchange=false",
            "--bt-exclude-tracker=*",
            $"--bt-tracker={tracker}",
            "--file-allocation=none",
            "--seed-time=0",
            torrentFile,
        ];
        // The shell tells the time of its children, which are gone when they could be asked.
        var (output, error) = await RunToEnd("bash", ["-c", "TIMEFORMAT='%R %U %S'; time \"$@\"", "bash", .. aria2]);
        var times = error.Trim().Split('\n')[^1].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return times.Length == 3 ? (times[0], times[1] + times[2]) : throw new InvalidOperationException($"aria2c: {output} {error}");
    }

    /// <summary>Megabytes a second and CPU seconds of both ends, one TCP connection on loopback.</summary>
    public static async Task<(double Rate, double Cpu)> RawTcp(long bytes)
    {
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        using var server = Process.Start(
            new ProcessStartInfo("iperf3", ["-s", "-1", "-B", "127.0.0.1", "-p", port])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        JsonElement end = default;
        await Deadline.Until("iperf3 answers", Answered, TimeSpan.FromSeconds(20), CancellationToken.None);
        await server.WaitForExitAsync();
        var received = end.GetProperty("sum_received");
        var share = end.GetProperty("cpu_utilization_percent");
        var seconds = received.GetProperty("seconds").GetDouble();
        return (
            received.GetProperty("bits_per_second").GetDouble() / 8e6,
            seconds * (share.GetProperty("host_total").GetDouble() + share.GetProperty("remote_total").GetDouble()) / 100
        );

        async Task<bool> Answered()
        {
            var (output, _) = await RunToEnd("iperf3", ["-c", "127.0.0.1", "-p", port, "-n", $"{bytes}", "-J"], anyExit: true);
            return JsonDocument.Parse(output).RootElement.GetProperty("end").TryGetProperty("sum_received", out _)
                && (end = JsonDocument.Parse(output).RootElement.GetProperty("end")).ValueKind == JsonValueKind.Object;
        }
    }

    /// <summary>opentracker for these torrents. It gives up root, so its folder must be open to others.</summary>
    public static Process Tracker(string folder, int port, params IEnumerable<TorrentContent> torrents)
    {
        File.WriteAllLines(Path.Combine(folder, "whitelist.txt"), torrents.Select(torrent => $"{torrent.InfoHash}"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var user = Environment.UserName == "root" ? "nobody" : Environment.UserName;
        return Process.Start(
            new ProcessStartInfo(
                "opentracker",
                ["-i", "127.0.0.1", "-p", $"{port}", "-P", $"{port}", "-A", "127.0.0.1", "-d", folder, "-u", user, "-w", "whitelist.txt"]
            )
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
    }

    /// <summary>transmission-daemon, seeding; returns once it has checked the files.</summary>
    public static async Task<Process> Transmission(string home, string folder, TorrentContent torrent, string tracker)
    {
        var rpcPort = FreePort.Next();
        var settings = new Dictionary<string, object>
        {
            ["bind-address-ipv4"] = "127.0.0.1",
            ["bind-address-ipv6"] = "::1",
            ["peer-port"] = FreePort.Next(),
            ["dht-enabled"] = false,
            ["lpd-enabled"] = false,
            ["pex-enabled"] = false,
            ["utp-enabled"] = false,
            ["port-forwarding-enabled"] = false,
            ["rpc-bind-address"] = "127.0.0.1",
            ["rpc-port"] = rpcPort,
        };
        File.WriteAllText(Path.Combine(home, "settings.json"), JsonSerializer.Serialize(settings));
        var process = Process.Start(
            new ProcessStartInfo("transmission-daemon", ["--foreground", "--config-dir", home])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{rpcPort}/transmission/rpc") };
        var withTracker = File.ReadAllBytes(SampleTorrent.FileOf(torrent))[1..];
        byte[] metainfo = [.. System.Text.Encoding.ASCII.GetBytes($"d8:announce{tracker.Length}:{tracker}"), .. withTracker];
        var add = new Dictionary<string, object> { ["metainfo"] = Convert.ToBase64String(metainfo), ["download-dir"] = folder };
        await Call("torrent-add", add, _ => true);
        await Call(
            "torrent-get",
            new { fields = new[] { "percentDone", "status" } },
            // 6: it seeds.
            answer => answer.Contains("\"percentDone\":1,\"status\":6", StringComparison.Ordinal)
        );
        return process;

        Task Call(string method, object arguments, Func<string, bool> enough) =>
            Deadline.Until(
                $"Transmission does {method}",
                async () =>
                {
                    try
                    {
                        using var answer = await http.PostAsJsonAsync("", new { method, arguments });
                        if (answer.StatusCode != HttpStatusCode.Conflict)
                            return enough(await answer.Content.ReadAsStringAsync());
                        const string session = "X-Transmission-Session-Id";
                        http.DefaultRequestHeaders.Remove(session);
                        http.DefaultRequestHeaders.Add(session, answer.Headers.GetValues(session));
                        return false;
                    }
                    catch (HttpRequestException)
                    {
                        return false;
                    }
                },
                TimeSpan.FromMinutes(1),
                CancellationToken.None
            );
    }

    private static async Task<(string Output, string Error)> RunToEnd(string file, IEnumerable<string> arguments, bool anyExit = false)
    {
        using var process = Process.Start(
            new ProcessStartInfo(file, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return anyExit || process.ExitCode == 0
            ? (await output, await error)
            : throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {await output} {await error}");
    }
}
