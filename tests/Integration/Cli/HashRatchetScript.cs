using System.Diagnostics;
using System.Text.Json;
using EventArchive.Testing;
using Shouldly;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>hash-ratchet.mjs: a reader and writer of encrypted archives that shares no code with the product.</summary>
internal static class HashRatchetScript
{
    public static async Task<IReadOnlyList<JsonElement>> Run(string verb, string keys, params string[] arguments)
    {
        var cancellation = Xunit.TestContext.Current.CancellationToken;
        var script = Repository.File("tests", "Integration", "Cli", "hash-ratchet.mjs");
        using var node = ChildProcess.Start(
            new ProcessStartInfo("node", [script, verb, keys, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        );
        var (output, error) = (node.StandardOutput.ReadToEndAsync(cancellation), node.StandardError.ReadToEndAsync(cancellation));
        await node.WaitForExitAsync(cancellation);
        node.ExitCode.ShouldBe(0, await error);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>A key file with one key.</summary>
    public static string WriteKey(string folder, string communityId, byte value, ulong timestamp)
    {
        var path = Path.Combine(folder, $"key-{value}.json");
        File.WriteAllText(path, $"[{Key(communityId, value, timestamp)}]");
        return path;
    }

    public static string Key(string communityId, byte value, ulong timestamp) =>
        JsonSerializer.Serialize(
            new
            {
                communityId,
                key = Secret(value),
                timestamp,
            }
        );

    public static string Secret(byte value) => "0x" + string.Concat(Enumerable.Repeat($"{value:x2}", 32));
}
