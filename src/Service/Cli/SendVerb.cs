using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EventArchive.Service;

/// <summary>Sends a command to a running service and prints its outcome.</summary>
public static class SendVerb
{
    private const int MaxInputCharacters = HttpApi.MaxBodyBytes;

    /// <summary>Longer than the service decides a command again while others write to its stream.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var name = new Argument<string>("COMMAND") { Description = $"{string.Join(", ", CommandReader.Names)}" };
        var body = new Argument<string>("JSON") { Description = "The command as a JSON object; - reads standard input" };
        var url = new Option<string>("--url")
        {
            Description = "Where the service listens",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:8646",
        };
        var send = new Command("send", "Send a command to a running service and print its outcome") { name, body, url };
        send.SetAction(
            async (parsed, cancellation) =>
            {
                if (!Uri.TryCreate(parsed.GetRequiredValue(url), UriKind.Absolute, out var address) || !address.Scheme.StartsWith("http"))
                    throw new FormatException(
                        $"--url is the service's address, for example http://127.0.0.1:8646, not '{parsed.GetRequiredValue(url)}'."
                    );
                var text = parsed.GetRequiredValue(body);
                if (text == "-")
                    text = await StandardInput.Read("the command as a JSON object", MaxInputCharacters, cancellation);
                using var http = new HttpClient { BaseAddress = address, Timeout = RequestLimit };
                var outcome = await Reach(address, () => Send(http, parsed.GetRequiredValue(name), text, cancellation), cancellation);
                return outcome.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.Object
                    ? throw new InvalidOperationException($"refused ({refusal.GetProperty("code")}): {refusal.GetProperty("reason")}")
                    : Output.Write(parsed, outcome);
            }
        );
        return send;
    }

    private static async Task<T> Reach<T>(Uri address, Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work();
        }
        catch (HttpRequestException fault)
        {
            throw new InvalidOperationException(
                $"No service answers at {address}: {fault.Message}. Start it with eventarchive serve, or say with --url where it is.",
                fault
            );
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The service at {address} did not answer within {RequestLimit.TotalSeconds:0} s.", fault);
        }
    }

    private static async Task<JsonElement> Send(HttpClient http, string name, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var accepted = await http.PostAsync($"commands/{Uri.EscapeDataString(name)}", content, cancellation);
        var answer = await Read(accepted, cancellation);
        if (!accepted.IsSuccessStatusCode)
            throw new InvalidOperationException(
                answer.TryGetProperty("detail", out var detail) ? $"{detail}" : $"The service answered {(int)accepted.StatusCode}."
            );
        return answer;
    }

    private static async Task<JsonElement> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw NotOurs(response, null);
        }
        catch (JsonException fault)
        {
            throw NotOurs(response, fault);
        }
    }

    private static InvalidOperationException NotOurs(HttpResponseMessage response, Exception? fault) =>
        new(
            $"What answers at {response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} is not this service "
                + $"({(int)response.StatusCode}): say with --url where it is.",
            fault
        );
}
