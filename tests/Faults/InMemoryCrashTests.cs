using Shouldly;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>The in-memory bus dies with its process: what it held is taken up from the tables.</summary>
public sealed class InMemoryCrashTests(CrashServers servers) : CrashTests(servers)
{
    public static TheoryData<int, string?, string?> Rows => CrashRows.For(CrashBus.InMemory);

    protected override string Bus => "in-memory";

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_line_survives_the_death_of_owner_and_member(int row, string? ownerPoint, string? memberPoint)
    {
        var result = await Survive(row, ownerPoint, memberPoint);
        // The report of the first sending was lost for certain, so there was a second one, and it was compared.
        if (ownerPoint == "before:append:MagnetlinkPublished")
            result.Sent.Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    protected override (Uri? Owner, Uri? Member) Buses(int row) => (null, null);
}
