using EventArchive.Testing;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>One broker for all lines, with virtual hosts of their own.</summary>
public sealed class CrashBroker : IAsyncLifetime
{
    private PrivateRabbitMq? broker;

    public Uri Owner(int row) => broker!.Uri($"owner-{row}");

    public Uri Member(int row) => broker!.Uri($"member-{row}");

    public async ValueTask InitializeAsync() =>
        broker = await PrivateRabbitMq.Start(
            [.. Enumerable.Range(0, CrashPoints.Rows.Count).SelectMany(row => new[] { $"owner-{row}", $"member-{row}" })],
            TestContext.Current.CancellationToken
        );

    public ValueTask DisposeAsync() => broker?.DisposeAsync() ?? ValueTask.CompletedTask;
}
