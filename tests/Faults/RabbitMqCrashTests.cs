using EventArchive.Testing;
using EventArchive.Tests.MainLine;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>The broker outlives the processes: what they had not acknowledged it delivers again.</summary>
public sealed class RabbitMqCrashTests(CrashServers servers, CrashBroker broker) : CrashTests(servers), IClassFixture<CrashBroker>
{
    public static TheoryData<int, string?, string?> Rows => CrashRows.For(CrashBus.RabbitMq);

    protected override string Bus => "rabbitmq";

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_line_survives_the_death_of_owner_and_member(int row, string? ownerPoint, string? memberPoint) =>
        Survive(row, ownerPoint, memberPoint);

    protected override (Uri? Owner, Uri? Member) Buses(int row) => (broker.Owner(row), broker.Member(row));
}
