using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Commands;
using EventArchive.Handlers;
using EventArchive.Service;
using EventArchive.Tests.Unit.Domain;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>Commands over HTTP, without a bus.</summary>
public sealed class HttpApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private RecordedReports store = null!;
    private readonly HttpClient http = new();
    private WebApplication app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await RecordedReports.Create(postgres, Cancellation);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store.Communities);
        builder.Services.AddSingleton(store.Handler);
        builder.Services.AddSingleton<IValidator, RestoreArchiveValidator>();
        app = builder.Build();
        app.MapHttpApi();
        await app.StartAsync(Cancellation);
        http.BaseAddress = new Uri(app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task The_outcome_is_stored_when_it_is_answered()
    {
        var key = Guid.CreateVersion7();

        using var answer = await Send(key);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var outcome = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        outcome.GetProperty("messageId").GetGuid().ShouldBe(key);
        outcome.GetProperty("refusal").GetProperty("code").GetString().ShouldBe("unknown_community");
        outcome.GetProperty("eventIds").GetArrayLength().ShouldBe(0);
        var stored = (await store.Stored(Cancellation)).ShouldHaveSingleItem();
        (stored.MessageId, stored.Refusal).ShouldBe((key, "unknown_community"));
    }

    [Fact]
    public async Task A_store_that_is_away_is_answered_with_503_and_the_key_to_send_again_with()
    {
        await store.Away(Cancellation);
        var key = Guid.CreateVersion7();

        using (var away = await Send(key))
        {
            away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            var detail = (await away.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString()!;
            detail.ShouldContain($"Send the command again with the header Idempotency-Key: {key}.");
        }
        await store.Back(Cancellation);
        using var again = await Send(key);

        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    private async Task<HttpResponseMessage> Send(Guid key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "commands/RestoreArchive")
        {
            Content = JsonContent.Create(new { communityId = Sample.Id.ToString() }),
        };
        request.Headers.Add("Idempotency-Key", key.ToString());
        return await http.SendAsync(request, Cancellation);
    }
}
