using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventArchive.Tests.Waku;

/// <summary>An HTTP server on loopback that answers as a test says, and keeps what it was asked.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeNode(WebApplication app) => this.app = app;

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<FakeNode> Start(Func<FakeRequest, HttpContext, Task> answer, CancellationToken cancellation, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        var server = builder.Build();
        var node = new FakeNode(server);
        server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new FakeRequest(
                context.Request.Method,
                context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
                await reader.ReadToEndAsync(context.RequestAborted),
                context.Request.ContentType
            );
            node.Requests.Enqueue(request);
            await answer(request, context);
        });
        await server.StartAsync(cancellation);
        return node;
    }

    public static Task<FakeNode> Start(Func<FakeRequest, (int Status, string Body)> answer, CancellationToken cancellation, int port = 0) =>
        Start(
            async (request, context) =>
            {
                var (status, body) = answer(request);
                context.Response.StatusCode = status;
                await context.Response.WriteAsync(body, context.RequestAborted);
            },
            cancellation,
            port
        );

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal sealed record FakeRequest(string Method, string Target, string Body, string? ContentType);
