using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EventArchive.Service;

/// <summary>Sends a command to a running service and waits for what becomes of it.</summary>
public static class SendVerb
{
    private static readonly TimeSpan OutcomeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var name = new Argument<string>("COMMAND") { Description = "CreateArchive, EnableHistoryArchives, …" };
        var body = new Argument<string>("JSON") { Description = "The command as a JSON object; - reads standard input" };
        var url = new Option<Uri>("--url")
        {
            Description = "Where the service listens",
            DefaultValueFactory = _ => new("http://127.0.0.1:8646"),
        };
        var send = new Command("send", "Send a command to a running service and print its outcome") { name, body, url };
        send.SetAction(
            async (parsed, cancellation) =>
            {
                var text = parsed.GetRequiredValue(body);
                if (text == "-")
                    text = await Console.In.ReadToEndAsync(cancellation);
                using var http = new HttpClient { BaseAddress = parsed.GetRequiredValue(url) };
                var outcome = await Send(http, parsed.GetRequiredValue(name), text, cancellation);
                var refusal = outcome.GetProperty("refusal");
                return refusal.ValueKind == JsonValueKind.Object
                    ? throw new InvalidOperationException($"refused ({refusal.GetProperty("code")}): {refusal.GetProperty("reason")}")
                    : Output.Write(parsed, outcome);
            }
        );
        return send;
    }

    private static async Task<JsonElement> Send(HttpClient http, string name, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var accepted = await http.PostAsync($"commands/{Uri.EscapeDataString(name)}", content, cancellation);
        var answer = await accepted.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        if (!accepted.IsSuccessStatusCode)
            throw new InvalidOperationException(
                answer.GetProperty(answer.TryGetProperty("detail", out _) ? "detail" : "title").GetString()
            );
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(OutcomeLimit);
        while (true)
        {
            using var response = await http.GetAsync($"commands/{answer.GetProperty("messageId")}", limited.Token);
            if (response.StatusCode != HttpStatusCode.NotFound)
                return await response.Content.ReadFromJsonAsync<JsonElement>(limited.Token);
            await Task.Delay(Poll, limited.Token);
        }
    }
}
