using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace EventArchive.Testing;

/// <summary>
/// A broker that somebody else runs (a container): EVENTARCHIVE_RABBITMQ holds its amqp://user:password@host:port, and
/// EVENTARCHIVE_RABBITMQ_MANAGEMENT its management address. Virtual hosts get a name of their own for each run and are deleted at the end.
/// </summary>
internal sealed class SharedRabbitMq(Uri broker, Uri management) : IAsyncDisposable
{
    public const string BrokerVariable = "EVENTARCHIVE_RABBITMQ";
    public const string ManagementVariable = "EVENTARCHIVE_RABBITMQ_MANAGEMENT";

    private readonly string run = $"test_{Guid.CreateVersion7():N}";
    private readonly List<string> created = [];
    private readonly HttpClient http = Client(broker, management);

    public static SharedRabbitMq? FromEnvironment()
    {
        var broker = Environment.GetEnvironmentVariable(BrokerVariable);
        if (string.IsNullOrEmpty(broker))
            return null;
        var management = Environment.GetEnvironmentVariable(ManagementVariable);
        return string.IsNullOrEmpty(management)
            ? throw new ServerFailedException($"{BrokerVariable} is set: set {ManagementVariable} to its management address too.")
            : new SharedRabbitMq(new Uri(broker), new Uri(management));
    }

    public Uri Address(string virtualHost) =>
        new($"{broker.GetLeftPart(UriPartial.Authority)}/{Uri.EscapeDataString(NameOf(virtualHost))}");

    public async Task Create(IEnumerable<string> virtualHosts, CancellationToken cancellation)
    {
        var user = broker.UserInfo.Split(':')[0];
        foreach (var name in virtualHosts.Select(NameOf))
        {
            created.Add(name);
            await Put($"api/vhosts/{Uri.EscapeDataString(name)}", new { }, cancellation);
            var all = new
            {
                configure = ".*",
                write = ".*",
                read = ".*",
            };
            await Put($"api/permissions/{Uri.EscapeDataString(name)}/{user}", all, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in created)
            using (await http.DeleteAsync($"api/vhosts/{Uri.EscapeDataString(name)}", CancellationToken.None)) { }
        http.Dispose();
    }

    private string NameOf(string virtualHost) => $"{run}_{virtualHost}";

    private async Task Put(string path, object body, CancellationToken cancellation)
    {
        using var answer = await http.PutAsJsonAsync(path, body, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new ServerFailedException($"The broker's management answered {(int)answer.StatusCode} to PUT {path}.");
    }

    private static HttpClient Client(Uri broker, Uri management)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo)));
        var client = new HttpClient { BaseAddress = management };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return client;
    }
}
