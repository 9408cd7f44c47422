using System.Net;
using System.Text;
using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace EventArchive.Waku;

/// <summary>
/// The part of nwaku's REST API that is needed here (read from nwaku 0.37). Every call fails with a <see cref="WakuException"/> that says
/// what to do; nothing longer than <see cref="WakuOptions.MaxBodyBytes"/> is read. Safe for many threads.
/// </summary>
public sealed class NwakuClient
{
    /// <summary>Messages asked of a store at once; nwaku gives at most 100.</summary>
    private const int StorePage = 20;

    private const int MaxReasonCharacters = 200;

    private readonly HttpClient http;
    private readonly WakuOptions options;
    private readonly ResiliencePipeline<Answer> once;
    private readonly ResiliencePipeline<Answer> patient;

    /// <param name="http">Without a time-out, proxy or redirects of its own: <see cref="WakuServices.NewHttpClient"/>.</param>
    public NwakuClient(HttpClient http, WakuOptions options, TimeProvider time)
    {
        this.http = http;
        this.options = options;
        once = new ResiliencePipelineBuilder<Answer> { TimeProvider = time }
            .AddTimeout(options.RequestTimeout)
            .Build();
        var builder = new ResiliencePipelineBuilder<Answer> { TimeProvider = time };
        if (options.Retries > 0)
            builder.AddRetry(
                new RetryStrategyOptions<Answer>
                {
                    MaxRetryAttempts = options.Retries,
                    Delay = options.RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = static arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException
                                || arguments.Outcome.Result is { IsPassing: true }
                        ),
                }
            );
        patient = builder.AddTimeout(options.RequestTimeout).Build();
    }

    /// <summary>What the node says of itself; null when it has no such report.</summary>
    public async Task<NodeHealth?> Health(CancellationToken cancellation)
    {
        var answer = await Send(patient, HttpMethod.Get, "health", null, cancellation);
        if (answer.Status != HttpStatusCode.OK)
            return null;
        try
        {
            return NwakuJson.ReadHealth(answer.Body);
        }
        catch (JsonException)
        {
            // Older nodes answer with a sentence.
            return null;
        }
    }

    public async Task Subscribe(IEnumerable<PubsubTopic> topics, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(topics.Select(topic => topic.ToString()));
        var answer = await Send(patient, HttpMethod.Post, "relay/v1/subscriptions", body, cancellation);
        if (answer.Status != HttpStatusCode.OK)
            throw Refused("to subscribe", answer, "Check that the node serves this cluster and shard.");
    }

    /// <summary>
    /// Gives a message to the node's relay, subscribing first when the node says it must. The node's answer is no proof that a peer
    /// has it. Sending the same message again does no harm: the network knows it by its hash.
    /// </summary>
    public async Task Publish(PubsubTopic topic, WakuMessage message, CancellationToken cancellation)
    {
        var path = MessagesOf(topic);
        var body = NwakuJson.Write(message);
        var answer = await Send(patient, HttpMethod.Post, path, body, cancellation);
        if (answer.IsNotSubscribed)
        {
            await Subscribe([topic], cancellation);
            answer = await Send(patient, HttpMethod.Post, path, body, cancellation);
        }
        if (answer.Status != HttpStatusCode.OK)
            throw Refused("to publish", answer, "Look at the node's log.");
    }

    /// <summary>
    /// Takes what the node has heard since the last call, this node's own messages included. Null: it is not subscribed to the topic,
    /// as after its restart. Not tried twice, since an answer lost on the way is lost.
    /// </summary>
    public async Task<PolledMessages?> Poll(PubsubTopic topic, CancellationToken cancellation)
    {
        var answer = await Send(once, HttpMethod.Get, MessagesOf(topic), null, cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        if (answer.Status != HttpStatusCode.OK)
            throw Refused("to give its messages", answer, "Look at the node's log.");
        try
        {
            var (messages, unreadable) = NwakuJson.ReadMessages(answer.Body);
            return new PolledMessages(messages, unreadable);
        }
        catch (JsonException fault)
        {
            throw new WakuException(
                $"What answers at {options.Node} does not speak nwaku's REST API. Set Waku:Node to a Waku node.",
                fault
            );
        }
    }

    /// <summary>
    /// The newest messages the node's store service knows on these channels, newest first. Null: the node has no store and knows no peer
    /// with one, so nothing can be said of the time before now.
    /// </summary>
    public async Task<PolledMessages?> Newest(PubsubTopic topic, IEnumerable<string> contentTopics, CancellationToken cancellation)
    {
        var path =
            $"store/v3/messages?includeData=true&ascending=false&pageSize={StorePage}&pubsubTopic={Uri.EscapeDataString(topic.ToString())}"
            + $"&contentTopics={Uri.EscapeDataString(string.Join(',', contentTopics))}";
        var answer = await Send(patient, HttpMethod.Get, path, null, cancellation);
        if (answer.Status != HttpStatusCode.OK)
            return null;
        try
        {
            var (messages, unreadable) = NwakuJson.ReadStored(answer.Body);
            return new PolledMessages([.. messages.OrderByDescending(message => message.Timestamp)], unreadable);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string MessagesOf(PubsubTopic topic) => "relay/v1/messages/" + Uri.EscapeDataString(topic.ToString());

    private async Task<Answer> Send(
        ResiliencePipeline<Answer> pipeline,
        HttpMethod method,
        string path,
        byte[]? body,
        CancellationToken cancellation
    )
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await SendOnce(method, path, body, token), cancellation);
        }
        catch (TimeoutRejectedException fault)
        {
            throw new WakuException(
                $"The Waku node at {options.Node} gave no answer within {options.RequestTimeout.TotalSeconds:0.#} s. Look at its log, or raise Waku:RequestTimeout.",
                fault
            );
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new WakuException(
                $"No Waku node answers at {options.Node} ({fault.Message}). Start nwaku with --rest=true, or set Waku:Node.",
                fault
            );
        }
    }

    private async Task<Answer> SendOnce(HttpMethod method, string path, byte[]? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(options.Node, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            // Without a charset: nwaku compares the whole header.
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return new Answer(response.StatusCode, await Read(response.Content, cancellation));
    }

    private async Task<byte[]> Read(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, cancellation)) > 0; )
        {
            if (body.Length + count > options.MaxBodyBytes)
                throw new WakuException(
                    $"The Waku node at {options.Node} answered with more than {options.MaxBodyBytes} bytes. Lower its --rest-relay-cache-capacity, or raise Waku:MaxBodyBytes."
                );
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }

    private WakuException Refused(string what, Answer answer, string advice) =>
        new($"The Waku node at {options.Node} refused {what}: {(int)answer.Status} {answer.Reason}. {advice}");

    private sealed record Answer(HttpStatusCode Status, byte[] Body)
    {
        public bool IsPassing => Status is HttpStatusCode.TooManyRequests || (int)Status >= 500;

        public bool IsNotSubscribed =>
            Status == HttpStatusCode.BadRequest && Reason.Contains("not subscribed", StringComparison.OrdinalIgnoreCase);

        /// <summary>The start of the body, on one line.</summary>
        public string Reason
        {
            get
            {
                var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 4 * MaxReasonCharacters)));
                var line = new string([.. text.Take(MaxReasonCharacters).Select(sign => char.IsControl(sign) ? ' ' : sign)]);
                return line.Trim().TrimEnd('.');
            }
        }
    }
}
