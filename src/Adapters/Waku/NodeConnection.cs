using EventArchive.Handlers;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace EventArchive.Waku;

/// <summary>
/// The HTTP conversation with one node: each try has its time-out, what may be repeated is repeated with jitter, and a node that gives no answer
/// is left alone for a while. Safe for many threads.
/// </summary>
internal sealed class NodeConnection
{
    /// <summary>Tries without an answer, within <see cref="Sampling"/>, after which the node is left alone.</summary>
    private const int FailuresBeforeBreak = 5;
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;
    private readonly WakuOptions options;
    private readonly CircuitBreakerStateProvider breaker = new();
    private readonly ResiliencePipeline<NodeAnswer> once;
    private readonly ResiliencePipeline<NodeAnswer> patient;

    public NodeConnection(HttpClient http, Uri address, WakuOptions options, TimeProvider time)
    {
        (this.http, this.options, Address) = (http, options, address);
        once = new ResiliencePipelineBuilder<NodeAnswer> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<NodeAnswer>
                {
                    FailureRatio = 0.9,
                    MinimumThroughput = FailuresBeforeBreak,
                    SamplingDuration = Sampling,
                    BreakDuration = options.BreakDuration,
                    StateProvider = breaker,
                    // An answer of any kind is a sign of life.
                    ShouldHandle = static arguments => ValueTask.FromResult(IsSilence(arguments.Outcome.Exception)),
                }
            )
            .AddTimeout(options.RequestTimeout)
            .Build();
        var builder = new ResiliencePipelineBuilder<NodeAnswer> { TimeProvider = time };
        if (options.Retries > 0)
            builder.AddRetry(
                new RetryStrategyOptions<NodeAnswer>
                {
                    MaxRetryAttempts = options.Retries,
                    Delay = options.RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = static arguments =>
                        ValueTask.FromResult(IsSilence(arguments.Outcome.Exception) || arguments.Outcome.Result is { IsPassing: true }),
                }
            );
        patient = builder.AddPipeline(once).Build();
    }

    public Uri Address { get; }

    /// <summary>It is left alone just now: nobody answered of late.</summary>
    public bool IsBroken => breaker.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>Asks, and again when it fails for a passing reason.</summary>
    public Task<NodeAnswer> Send(HttpMethod method, string path, byte[]? body, CancellationToken cancellation) =>
        Send(patient, method, path, body, cancellation);

    /// <summary>Asks, and not twice: for what an answer that is lost takes along.</summary>
    public Task<NodeAnswer> SendOnce(HttpMethod method, string path, byte[]? body, CancellationToken cancellation) =>
        Send(once, method, path, body, cancellation);

    private static bool IsSilence(Exception? fault) => fault is HttpRequestException or IOException or TimeoutRejectedException;

    private async Task<NodeAnswer> Send(
        ResiliencePipeline<NodeAnswer> pipeline,
        HttpMethod method,
        string path,
        byte[]? body,
        CancellationToken cancellation
    )
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await Try(method, path, body, token), cancellation);
        }
        catch (TimeoutRejectedException fault)
        {
            throw new WakuException(
                $"The Waku node at {Address} gave no answer within {options.RequestTimeout.TotalSeconds:0.#} s. Look at its log, or raise Waku:RequestTimeout.",
                fault
            );
        }
        catch (BrokenCircuitException fault)
        {
            throw new WakuException(
                $"No Waku node answered at {Address} of late; it is tried again within {options.BreakDuration.TotalSeconds:0.#} s. Start nwaku with --rest=true, or set Waku:Node.",
                fault
            );
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new WakuException(
                $"No Waku node answers at {Address} ({fault.Message}). Start nwaku with --rest=true, or set Waku:Node.",
                fault
            );
        }
    }

    private async Task<NodeAnswer> Try(HttpMethod method, string path, byte[]? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            // Without a charset: nwaku compares the whole header.
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return new NodeAnswer(response.StatusCode, await Read(response.Content, cancellation));
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
                    $"The Waku node at {Address} answered with more than {options.MaxBodyBytes} bytes. Lower its --rest-relay-cache-capacity, or raise Waku:MaxBodyBytes."
                );
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }
}
