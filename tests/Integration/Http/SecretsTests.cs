using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EventArchive.Archives;
using EventArchive.Model;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Waku;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>A community's private key, its hash ratchet keys and keys of its channels go in and stay in: they are in nothing that a run of every part leaves behind.</summary>
[Collection(ServicePair.Collection)]
public sealed class SecretsTests(ServicePair pair) : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly byte[] ratchetSecret = RandomNumberGenerator.GetBytes(RatchetKey.KeyBytes);
    private readonly byte[] channelSecret = RandomNumberGenerator.GetBytes(WakuKeys.KeyBytes);
    private readonly Dictionary<string, byte[]> places = new(StringComparer.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_private_key_is_in_no_output_log_table_or_file()
    {
        await SayEverything();
        var files = Directory.EnumerateFiles(Path.GetDirectoryName(pair.OwnerSettings.Folder)!, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(file => file != pair.MessageFile && !file.EndsWith(".with-key", StringComparison.Ordinal)))
            places[file] = await File.ReadAllBytesAsync(file, Cancellation);
        foreach (var (output, i) in pair.Said.Select((text, i) => (text, i)))
            places[$"output {i}"] = Encoding.UTF8.GetBytes(output);
        foreach (var settings in new[] { pair.OwnerSettings, pair.MemberSettings })
            places[$"database of {settings.Name}"] = Encoding.UTF8.GetBytes(await Dump(settings.Database));

        places.Where(place => Holds(place.Value)).Select(place => place.Key).ShouldBeEmpty();

        // The search itself works, and looked at what there is.
        Holds(await File.ReadAllBytesAsync(pair.MessageFile, Cancellation)).ShouldBeTrue();
        Holds([0, .. pair.PrivateKey, 0]).ShouldBeTrue();
        Holds([0, .. ratchetSecret, 0]).ShouldBeTrue();
        Holds([0, .. channelSecret, 0]).ShouldBeTrue();
        Holds(Encoding.ASCII.GetBytes("x" + Convert.ToBase64String(pair.PrivateKey))).ShouldBeTrue();
        Encoding.UTF8.GetString(places["database of owner"]).ShouldContain("ea_community_keys");
        Encoding.UTF8.GetString(places["database of owner"]).ShouldContain(pair.Community.ToString());
        Encoding.UTF8.GetString(places["database of owner"]).ShouldContain(Ratchet(6).Id.ToString());
        Encoding.UTF8.GetString(places["database of owner"]).ShouldContain("0x0badcafe");
        places.Keys.ShouldContain(pair.OwnerSettings.LogFile);
        places.Keys.ShouldContain(name => name.EndsWith("/data", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_database_password_is_in_no_output_and_no_log()
    {
        var password = new NpgsqlConnectionStringBuilder(pair.OwnerSettings.Database).Password!;

        pair.Said.ShouldNotBeEmpty();
        pair.Said.ShouldAllBe(output => !output.Contains(password));
        foreach (var settings in new[] { pair.OwnerSettings, pair.MemberSettings })
            (await File.ReadAllTextAsync(settings.LogFile, Cancellation)).ShouldNotContain(password);
    }

    /// <summary>Every verb that is given the key, also where it fails.</summary>
    private async Task SayEverything()
    {
        var key = Hex.Encode(pair.PrivateKey);
        (await pair.Say(null, "archive", "build", pair.MessageFile, "--out", folder.Sub("built"))).ShouldSucceed();
        (await pair.Say(null, "archive", "inspect", folder.Sub("built"), "--json")).ShouldSucceed();
        (await pair.Say(null, "archive", "extract", folder.Sub("built"))).ShouldSucceed();
        var input = new JsonObject
        {
            ["communityPrivateKey"] = key,
            ["clock"] = 1,
            ["magnetUri"] = "",
        };
        (await pair.Say(input.ToJsonString(), "magnetlink", "encode", "--json")).ShouldSucceed();
        input["magnetUri"] = "http://none";
        (await pair.Say(input.ToJsonString(), "magnetlink", "encode")).ShouldFail(1);
        (await pair.Say(input.ToJsonString()[..^1], "magnetlink", "encode")).ShouldFail(1);
        (await pair.Say(key, "keys", "import")).ShouldSucceed();
        (await pair.Say(key + "00", "keys", "import")).ShouldFail(1, "64 hexadecimal digits");
        (await pair.Say("{" + key, "keys", "import")).ShouldFail(1);
        await SpeakOfKeys(key);
        await SpeakOfRatchetKeys();
        await SpeakOfChannelKeys();
        var spoilt = JsonNode.Parse(await File.ReadAllTextAsync(pair.MessageFile, Cancellation))!;
        spoilt["communityPrivateKey"] = key + "00";
        var path = Path.Combine(folder.Path, "messages.with-key");
        await File.WriteAllTextAsync(path, spoilt.ToJsonString(), Cancellation);
        (await pair.Say(null, "messages", "record", path)).ShouldFail(1, "communityPrivateKey");
    }

    /// <summary>By file and over HTTP, also where a key is taken for something else.</summary>
    private async Task SpeakOfKeys(string key)
    {
        var community = pair.Community.ToString();
        var file = Path.Combine(folder.Path, "exported.json");
        var clear = Path.Combine(folder.Path, "clear.with-key");
        await File.WriteAllTextAsync(clear, key, Cancellation);
        (await pair.Say("a good password", "keys", "export", community, "--out", file)).ShouldSucceed();
        (await pair.Say("a good password", "keys", "import", "--keystore", file)).ShouldSucceed();
        (await pair.Say(key, "keys", "import", "--keystore", file)).ShouldFail(1, "password");
        (await pair.Say("a good password", "keys", "import", "--keystore", clear)).ShouldFail(1, "JSON");
        var apiKey = (await pair.Say(null, "apikeys", "create", "secrets", "--json")).ShouldSucceed().Json.GetProperty("key").GetString();
        using var http = new HttpClient { BaseAddress = pair.Owner.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
        foreach (
            var body in new[]
            {
                $$"""{"privateKey":"{{key}}"}""",
                $$"""{"privateKey":"{{key}}00"}""",
                $$"""{"privateKey":"{{key}}""",
                $$"""{"keystore":"{{key}}","password":"{{key}}"}""",
                $$"""{"{{key}}":1}""",
            }
        )
        {
            using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using var answer = await http.PostAsync("keys", content, Cancellation);
            Holds(await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeFalse();
        }
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        (await http.GetAsync("keys", Cancellation)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        places["exported file"] = await File.ReadAllBytesAsync(file, Cancellation);
    }

    private async Task SpeakOfRatchetKeys()
    {
        var community = pair.Community.ToString();
        var list = Encoding.UTF8.GetString(RatchetKeyFile.Write([(Ratchet(5), 1), (Ratchet(6), 2)]));
        var file = Path.Combine(folder.Path, "ratchet.json");
        var clear = Path.Combine(folder.Path, "ratchet.with-key");
        await File.WriteAllTextAsync(clear, list, Cancellation);
        (await pair.Say(list, "keys", "import", "--ratchet")).ShouldSucceed();
        (await pair.Say(list[..^1], "keys", "import", "--ratchet")).ShouldFail(1, "JSON");
        (await pair.Say(list.Replace("seqNo", Hex.Encode(ratchetSecret)), "keys", "import", "--ratchet")).ShouldFail(1);
        (await pair.Say("a good password", "keys", "import", "--ratchet", "--keystore", clear)).ShouldFail(1, "keystore file");
        (await pair.Say("a good password", "keys", "export", community, "--ratchet", "--out", file)).ShouldSucceed();
        (await pair.Say("a good password", "keys", "import", "--ratchet", "--keystore", file)).ShouldSucceed();
        (await pair.Say("a bad password", "keys", "import", "--ratchet", "--keystore", file)).ShouldFail(1, "password");
        (await pair.Say(null, "keys", "list", "--json")).ShouldSucceed();
        (await pair.Say(null, "keys", "forget", community, "--ratchet", $"{Ratchet(5).Id}", "--yes")).ShouldSucceed();
        var apiKey = (await pair.Say(null, "apikeys", "create", "ratchet secrets", "--json")).Json.GetProperty("key").GetString();
        using var http = new HttpClient { BaseAddress = pair.Owner.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
        foreach (
            var (path, body) in new[]
            {
                ("keys/ratchet", $$"""{"keys":{{list}}}"""),
                ("keys/ratchet", $$"""{"keys":{{list}}"""),
                ("keys/ratchet", $$"""{"keys":{{list.Replace("timestamp", Hex.Encode(ratchetSecret))}}}"""),
                ("keys/ratchet", $$"""{"keystore":{{list}},"password":"{{Hex.Encode(ratchetSecret)}}"}"""),
                ($"keys/{community}/ratchet/export", """{"password":"a good password"}"""),
            }
        )
        {
            using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using var answer = await http.PostAsync(path, content, Cancellation);
            Holds(await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeFalse();
        }
        places["exported ratchet keys"] = await File.ReadAllBytesAsync(file, Cancellation);
    }

    private async Task SpeakOfChannelKeys()
    {
        var (community, topic, key) = (pair.Community.ToString(), "0x0badcafe", Hex.Encode(channelSecret));
        var file = Path.Combine(folder.Path, "channel.json");
        string[] import = ["keys", "import", "--channel", topic, "--community", community];
        (await pair.Say(key, import)).ShouldSucceed();
        (await pair.Say(key + "00", import)).ShouldFail(1, "64 hexadecimal digits");
        (await pair.Say("a good password", "keys", "export", community, "--channel", topic, "--out", file)).ShouldSucceed();
        var apiKey = (await pair.Say(null, "apikeys", "create", "channel secrets", "--json")).Json.GetProperty("key").GetString();
        using var http = new HttpClient { BaseAddress = pair.Owner.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
        foreach (var end in new[] { "\"}", "00\"}", "\"" })
        {
            var body = $$"""{"communityId":"{{community}}","contentTopic":"{{topic}}","key":"{{key}}{{end}}""";
            using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using var answer = await http.PostAsync("keys/channel", content, Cancellation);
            Holds(await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeFalse();
        }
        places["exported channel key"] = await File.ReadAllBytesAsync(file, Cancellation);
    }

    private RatchetKey Ratchet(ulong timestamp) => new(pair.Community, timestamp, ratchetSecret);

    private bool Holds(byte[] bytes) =>
        new[] { pair.PrivateKey, ratchetSecret, channelSecret }.Any(secret => SecretForms.AreIn(bytes, secret));

    /// <summary>Every row of every table as text.</summary>
    private static async Task<string> Dump(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var tables = new List<string>();
        await using (
            var names = source.CreateCommand(
                "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
            )
        )
        await using (var reader = await names.ExecuteReaderAsync(Cancellation))
            while (await reader.ReadAsync(Cancellation))
                tables.Add(reader.GetString(0));
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            dump.AppendLine(table);
            await using var rows = source.CreateCommand($"select t::text from {table} t");
            await using var reader = await rows.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation))
                dump.AppendLine(reader.GetString(0));
        }
        return dump.ToString();
    }
}
