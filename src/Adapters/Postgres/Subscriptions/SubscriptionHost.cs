using Microsoft.Extensions.Hosting;

namespace EventArchive.Postgres;

/// <summary>Starts and stops the subscriptions with the service.</summary>
internal sealed class SubscriptionHost(IEnumerable<Subscription> subscriptions) : IHostedService
{
    private readonly IReadOnlyList<Subscription> subscriptions = [.. subscriptions];

    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(subscriptions.Select(subscription => subscription.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(subscriptions.Select(subscription => subscription.StopAsync(cancellationToken)));
}
